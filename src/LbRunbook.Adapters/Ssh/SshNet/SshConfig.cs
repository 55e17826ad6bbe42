namespace LbRunbook.Adapters.Ssh.SshNet;

/// <summary>What <c>ssh -G</c> prints: a keyword and its value a line, keywords that may be given several times on several lines.</summary>
internal sealed class SshConfig
{
    private readonly List<(string Key, string Value)> _lines = [];

    public static SshConfig Parse(string printed)
    {
        var config = new SshConfig();
        foreach (var line in printed.Split('\n'))
        {
            var space = line.IndexOf(' ', StringComparison.Ordinal);
            if (space > 0)
                config._lines.Add((line[..space], line[(space + 1)..].Trim()));
        }
        return config;
    }

    public string? One(string key) => All(key) is [var first, ..] && first is not ("none" or "") ? first : null;

    public IReadOnlyList<string> All(string key) => [.. _lines.Where(line => line.Key == key).Select(line => line.Value)];

    public bool Is(string key, params string[] values) => One(key) is { } value && Array.IndexOf(values, value) >= 0;
}
