using System.Reflection;
using System.Text.Json;
using LbRunbook.Core.Plans;
using LbRunbook.TestKit;
using Xunit;

namespace LbRunbook.Tests.Core.Plans;

/// <summary>Every kind of step, from the one list of them: named, described, the same after JSON, and equal by value.</summary>
public sealed class StepKindTests
{
    public static TheoryData<string> Names { get; } = [.. StepKinds.All.Select(k => k.Name)];

    [Fact]
    public void All_AreEveryRecordThatIsAStep() => Assert.Equal(
        typeof(Step).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(Step)) && !t.IsAbstract).Select(t => t.Name)
            .Order(StringComparer.Ordinal),
        StepKinds.All.Select(k => k.Type.Name).Order(StringComparer.Ordinal));

    [Fact]
    public void All_AreReviewed() => Golden.Verify(
        string.Concat(StepKinds.All.Select(k => $"{(k.InRunbooks ? "runbook" : "planner"),-8} {k.Name,-20} {k.Summary}\n")), "step-kinds");

    [Theory, MemberData(nameof(Names))]
    public void Kind_Summary_IsOneShortLine(string name)
    {
        var kind = StepKinds.Find(name)!;
        Assert.InRange(kind.Summary.Length, 10, 100);
        Assert.DoesNotContain('\n', kind.Summary);
        Assert.Equal(name, StepKinds.NameOf(Made(kind.Type)));
    }

    [Theory, MemberData(nameof(Names))]
    public void Step_ThroughJson_IsTheSame(string name)
    {
        var step = Made(StepKinds.Find(name)!.Type);
        var json = JsonSerializer.Serialize(step, PlanJson.Default.Step);
        Assert.Contains($"\"uses\":\"{name}\"", json, StringComparison.Ordinal);
        var back = JsonSerializer.Deserialize(json, PlanJson.Default.Step)!;
        Assert.Equal(json, JsonSerializer.Serialize(back, PlanJson.Default.Step));
        Assert.Equal(step, back);
    }

    /// <summary>A plan that is made twice of the same world is the same plan, also where a step has lists.</summary>
    [Theory, MemberData(nameof(Names))]
    public void Step_MadeTwice_IsEqualAndAnotherOneIsNot(string name)
    {
        var type = StepKinds.Find(name)!.Type;
        Assert.Equal(Made(type), Made(type));
        Assert.Equal(Made(type).GetHashCode(), Made(type).GetHashCode());
        Assert.NotEqual(Made(type), Made(type, word: "other"));
    }

    /// <summary>Every member filled, so that none can be forgotten.</summary>
    private static Step Made(Type type, string word = "word") => (Step)Value(type, word)!;

    private static object? Value(Type type, string word)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string))
            return word;
        if (type == typeof(int) || type == typeof(long) || type == typeof(double))
            return Convert.ChangeType(7, type, System.Globalization.CultureInfo.InvariantCulture);
        if (type == typeof(bool))
            return true;
        if (type.IsEnum)
            return Enum.GetValues(type).GetValue(1);
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
        {
            var list = Array.CreateInstance(type.GetGenericArguments()[0], 2);
            list.SetValue(Value(type.GetGenericArguments()[0], word), 0);
            list.SetValue(Value(type.GetGenericArguments()[0], word + "2"), 1);
            return list;
        }
        var constructor = type.GetConstructors(BindingFlags.Public | BindingFlags.Instance).OrderByDescending(c => c.GetParameters().Length)
            .FirstOrDefault()
            ?? throw new InvalidOperationException($"how to make a {type}?");
        var made = constructor.Invoke([.. constructor.GetParameters().Select(p => Value(p.ParameterType, word))]);
        foreach (var property in type.GetProperties()
            .Where(p => p.SetMethod is not null && constructor.GetParameters().All(c => c.Name != p.Name)))
            property.SetValue(made, Value(property.PropertyType, word));
        return made;
    }
}
