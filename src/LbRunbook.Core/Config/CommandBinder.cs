using LbRunbook.Core.Text;

namespace LbRunbook.Core.Config;

/// <summary>A command is a list of arguments: it never meets a shell, so no text in it can become one.</summary>
internal static class CommandBinder
{
    public static IReadOnlyList<string>? Bind(Section owner, string key)
    {
        switch (owner.Value(key))
        {
            case null or YamlRefused:
                return null;
            case YamlList list:
                return Arguments(owner, key, list);
            case YamlScalar { IsNull: false } text:
                var words = string.Join(", ", text.Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
                owner.Error(text.At,
                    $"{key} must be a list of "
                        + $"arguments{(PlainSecrets.MayHoldSecret(key, words) ? "" : $"; did you mean [{Shown.Clip(words)}]?")}");
                return null;
            case var other:
                owner.Error(other.At, $"{key} must be a list of arguments, not {Section.Kind(other)}");
                return null;
        }
    }

    private static List<string>? Arguments(Section owner, string key, YamlList list)
    {
        var arguments = new List<string>();
        foreach (var item in list.Items)
        {
            if (item is YamlScalar { IsNull: false } scalar && !scalar.Text.Contains('\0', StringComparison.Ordinal))
                arguments.Add(scalar.Text);
            else if (item is not YamlRefused)
                owner.Error(item.At, $"{key} must be a list of arguments; this one is {Section.Kind(item)} (quote it to make it text)");
        }
        if (list.Items.Count == 0)
            owner.Error(list.At, $"{key} must not be empty; allowed: [program, argument, …]");
        else if (arguments.Count > 0 && FieldRules.Program(arguments[0], out _) is { } wrong)
            owner.Error(list.Items[0].At, $"{key} {wrong} first");
        return arguments.Count > 0 ? arguments : null;
    }
}
