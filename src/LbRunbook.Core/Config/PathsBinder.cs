namespace LbRunbook.Core.Config;

/// <summary>One path, or a list of them in their order.</summary>
internal static class PathsBinder
{
    /// <returns>Null = the key is missing, or was wrong (reported then).</returns>
    public static IReadOnlyList<string>? Bind(Section owner, string key)
    {
        if (owner.Value(key) is not YamlList list)
            return owner.TryGet<string>(key, FieldRules.AbsolutePath, out var one) ? [one] : null;
        var paths = new List<string>();
        foreach (var item in list.Items)
        {
            if (item is not YamlScalar { IsNull: false } scalar)
                owner.Error(item.At, $"{key} must be a list of paths; this one is {Section.Kind(item)}");
            else if (FieldRules.AbsolutePath(scalar.Text, out var path) is { } wrong)
                owner.Error(item.At, $"{key} {wrong}");
            else
                paths.Add(path);
        }
        if (list.Items.Count == 0)
            owner.Error(list.At, $"{key} must not be empty; allowed: a path, or [path, path, …]");
        return paths.Count > 0 ? paths : null;
    }
}
