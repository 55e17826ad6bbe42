using LbRunbook.Core.Text;

namespace LbRunbook.Core.Config;

/// <summary>The mappings of a list, each called by its name in messages, else by its number.</summary>
internal static class Items
{
    public static IReadOnlyList<Section> Of(Section owner, string key, string kind, KeySet keys)
    {
        var sections = new List<Section>();
        foreach (var item in owner.List(key))
        {
            if (item is YamlMap map)
                sections.Add(new Section(map, Title(owner, kind, map, sections.Count + 1), keys, owner.Problems));
            else if (item is not YamlRefused)
                owner.Error(item.At, $"each of {key} must be a mapping (name: …), not {Section.Kind(item)}");
        }
        return sections;
    }

    private static string Title(Section owner, string kind, YamlMap map, int number)
    {
        var name = map.Entries.FirstOrDefault(e => e.Key.Text == "name")?.Value is YamlScalar { IsNull: false } scalar
            ? Shown.Quoted(scalar.Text)
            : number.ToString();
        return owner.Title.Length == 0 ? $"{kind} {name}" : $"{owner.Title}, {kind} {name}";
    }
}
