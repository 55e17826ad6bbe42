using LbRunbook.Core.Text;

namespace LbRunbook.Core.Config;

/// <summary>Finds what is there twice, and says where the first one is.</summary>
/// <param name="kind">What the names are of: node, pool.</param>
internal sealed class UniqueNames(string kind)
{
    private readonly Dictionary<string, Position> names = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Position> addresses = new(StringComparer.OrdinalIgnoreCase);

    public void Add(Section item, string key, string name)
    {
        if (name.Length > 0 && item.Has(key) && !names.TryAdd(name, item.ValueAt(key)))
            item.Problems.Error(item.ValueAt(key),
                $"{kind} {Shown.Quoted(name)} is there twice (capitals do not count); the first is in line {names[name].Line}");
    }

    public void AddAddress(Section item, string key, string address)
    {
        if (!addresses.TryAdd(address, item.ValueAt(key)))
            item.Problems.Error(item.ValueAt(key),
                $"{kind} address {Shown.Quoted(address)} is there twice; the first is in line {addresses[address].Line}");
    }
}
