using LbRunbook.Core.Text;

namespace LbRunbook.Core.Config;

/// <summary>One mapping of the file while it is bound: knows which keys it may have and reports against its name.</summary>
internal sealed class Section
{
    private readonly KeySet keys;
    private readonly Dictionary<string, YamlEntry> entries = new(StringComparer.Ordinal);

    public Section(YamlMap map, string title, KeySet keys, ProblemList problems)
    {
        (this.keys, Title, Problems, At) = (keys, title, problems, map.At);
        foreach (var entry in map.Entries)
        {
            if (keys.Names.Contains(entry.Key.Text))
                entries[entry.Key.Text] = entry;
            else if (!PlainSecrets.IsSecretKey(entry))
                Error(entry.Key.At, $"unknown key {Shown.Quoted(entry.Key.Text)}; allowed: "
                    + $"{string.Join(", ", keys.Names)}{FieldRules.DidYouMean(entry.Key.Text, keys.Names)}");
        }
    }

    /// <summary>How messages call it: <c>node 'lb1'</c>; empty for the whole file.</summary>
    public string Title { get; }
    public Position At { get; }
    public ProblemList Problems { get; }

    public bool Has(string key) => Entry(key) is not null;

    public Position KeyAt(string key) => Entry(key)?.Key.At ?? At;

    public Position ValueAt(string key) => Entry(key)?.Value.At ?? At;

    public YamlValue? Value(string key) => Entry(key)?.Value;

    /// <summary>False when the key is missing, has no value, or was wrong (reported then).</summary>
    public bool TryGet<T>(string key, FieldRule<T> rule, out T value)
    {
        value = default!;
        if (Entry(key) is not { } entry || entry.Value is YamlRefused) return false;
        if (entry.Value is not YamlScalar scalar)
            return Wrong(entry.Value.At, $"{key} must be a single value, not {Kind(entry.Value)}");
        if (scalar.IsNull) return Wrong(scalar.At, $"{key} has no value");
        return rule(scalar.Text, out value) is not { } wrong || Wrong(scalar.At, Complaint(key, scalar.Text, wrong));
    }

    public T Get<T>(string key, FieldRule<T> rule, T fallback) => TryGet(key, rule, out var value) ? value : fallback;

    public T? GetValueOrNull<T>(string key, FieldRule<T> rule)
        where T : struct => TryGet(key, rule, out var value) ? value : null;

    public string? GetOrNull(string key, FieldRule<string> rule) => TryGet(key, rule, out var value) ? value : null;

    /// <summary>Reports when the key is missing. The placeholder never reaches anybody: with an error there is no fleet.</summary>
    public T Require<T>(string key, FieldRule<T> rule, T placeholder, string? allowed = null)
    {
        if (TryGet(key, rule, out var value)) return value;
        if (!Has(key)) Error(At, $"{key} is missing{(allowed is null ? "" : $"; allowed: {allowed}")}");
        return placeholder;
    }

    /// <summary>An explicit <c>null</c> says "there is none", where the default is something.</summary>
    public bool IsExplicitNull(string key) => Value(key) is YamlScalar { IsNull: true };

    public Section? Map(string key, string title, KeySet mapKeys) => Value(key) switch
    {
        YamlMap map => new Section(map, title, mapKeys, Problems),
        YamlScalar { IsNull: true } nothing => new Section(new YamlMap(nothing.At, []), title, mapKeys, Problems),
        null or YamlRefused => null,
        var other => Reported(other.At, $"{key} must be a mapping (key: value), not {Kind(other)}"),
    };

    /// <summary>The items of a list; nothing when the key is missing or everything under it is commented out.</summary>
    public IReadOnlyList<YamlValue> List(string key)
    {
        switch (Value(key))
        {
            case YamlList list:
                return list.Items;
            case null or YamlRefused or YamlScalar { IsNull: true }:
                return [];
            case var other:
                Error(other.At, $"{key} must be a list (lines that begin with -), not {Kind(other)}");
                return [];
        }
    }

    public void Error(Position at, string message) => Problems.Error(at, Title.Length == 0 ? message : $"{Title}: {message}");

    public void Warning(Position at, string message) => Problems.Warning(at, Title.Length == 0 ? message : $"{Title}: {message}");

    public static string Kind(YamlValue value) => value switch
    {
        YamlMap => "a mapping",
        YamlList => "a list",
        YamlScalar { IsNull: true } => "empty",
        _ => "a single value",
    };

    // A secret that was put where its file or variable belongs must not come back in the message.
    private static string Complaint(string key, string text, string wrong) =>
        PlainSecrets.MayHoldSecret(key, text) ? $"{key} {wrong}" : $"{key} {Shown.Quoted(text)} {wrong}";

    private YamlEntry? Entry(string key) => keys.Names.Contains(key)
        ? entries.GetValueOrDefault(key)
        : throw new InvalidOperationException($"'{key}' is read but not declared in ConfigKeys for {keys.Section}");

    private bool Wrong(Position at, string message)
    {
        Error(at, message);
        return false;
    }

    private Section? Reported(Position at, string message)
    {
        Error(at, message);
        return null;
    }
}
