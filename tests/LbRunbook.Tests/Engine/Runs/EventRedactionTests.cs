using System.Collections;
using System.Reflection;
using LbRunbook.Core.Plans;
using LbRunbook.Engine.Runs;
using Xunit;

namespace LbRunbook.Tests.Engine.Runs;

/// <summary>No event says a secret, whatever text of it has one: over all events that there are, also those that come.</summary>
public sealed class EventRedactionTests
{
    private const string Secret = "see https://hooks.slack.com/services/T0/B0/verysecret or password=hunter2";

    /// <summary>Names and kinds, made by lbctl or checked when the configuration was read; who, and by whom.</summary>
    private static readonly string[] Names =
        ["RunId", "Verb", "Cluster", "Environment", "User", "Host", "Undoes", "Resumes", "Subject", "Uses", "Guard", "Override", "Target",
            "Where", "Command", "Lanes"];

    public static TheoryData<Type> Events { get; } =
        [.. typeof(RunEvent).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(RunEvent)) && !t.IsAbstract)];

    [Theory, MemberData(nameof(Events))]
    public void Apply_EveryTextHasASecret_NoneIsLeft(Type type)
    {
        var e = (RunEvent)Filled(type);
        Assert.DoesNotContain(Texts(EventRedaction.Apply(e)),
            t => t.Contains("hunter2", StringComparison.Ordinal) || t.Contains("verysecret", StringComparison.Ordinal));
    }

    [Fact]
    public void Apply_Steps_AreExact()
    {
        var step = new LbRunbook.Core.Steps.VipAddStep("password=hunter2", "lb1");
        var intent = new StepIntended(0, step, null, null);
        Assert.Equal(step, ((StepIntended)EventRedaction.Apply(intent)).Step);
    }

    /// <summary>An instance whose every text, also in lists and in records below it, is the secret.</summary>
    private static object Filled(Type type)
    {
        var constructor = type.GetConstructors().OrderByDescending(c => c.GetParameters().Length).First();
        var made = constructor.Invoke([.. constructor.GetParameters().Select(p => Value(p.ParameterType))]);
        foreach (var property in type.GetProperties().Where(p => p.CanWrite && IsText(p)))
            property.SetValue(made, Value(property.PropertyType));
        return made;
    }

    private static bool IsText(PropertyInfo p) =>
        p.Name is not ("Plan" or "Before" or "Seen" or "LockedBy" or "Gap") && Value(p.PropertyType) is not null;

    private static object? Value(Type type) =>
        type == typeof(string) ? Secret
        : type == typeof(IReadOnlyList<string>) ? (string[])[Secret]
        : type == typeof(IReadOnlyList<StepOutcome>) ? new[] { (StepOutcome)Filled(typeof(StepOutcome)) }
        : type == typeof(IReadOnlyList<Refusal>) ? new[] { (Refusal)Filled(typeof(Refusal)) }
        : type.IsValueType ? Activator.CreateInstance(type)
        : null;

    private static IEnumerable<string> Texts(object? of, string name = "")
    {
        if (of is string text)
            return Names.Contains(name) ? [] : [text];
        if (of is IEnumerable list)
            return list.Cast<object>().SelectMany(x => Texts(x, name));
        return of is null || of.GetType().Assembly != typeof(RunEvent).Assembly || of is Step or Enum
            ? []
            : of.GetType().GetProperties().Where(p => p.GetIndexParameters().Length == 0).SelectMany(p => Texts(p.GetValue(of), p.Name));
    }
}
