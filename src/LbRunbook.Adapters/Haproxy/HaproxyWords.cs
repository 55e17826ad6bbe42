namespace LbRunbook.Adapters.Haproxy;

/// <summary>What HAProxy's command line says.</summary>
/// <param name="Config">Files and folders, in their order, as absolute as they can be made.</param>
/// <param name="Test">The words that a test of the same configuration needs.</param>
/// <param name="Master">What <c>-S</c> binds to; null = it has none.</param>
internal sealed record HaproxyWords(IReadOnlyList<string> Config, IReadOnlyList<string> Test, string? Master)
{
    /// <summary>Each takes the next word.</summary>
    private static readonly HashSet<string> s_valued = ["-f", "-p", "-C", "-L", "-n", "-N", "-m", "-x", "-S"];

    /// <param name="words">The program first.</param>
    /// <param name="directory">Where it was started; empty = not known.</param>
    public static HaproxyWords Of(IReadOnlyList<string> words, string directory)
    {
        List<string> files = [];
        List<string> test = [];
        string? master = null;
        for (var i = 1; i < words.Count; i++)
        {
            if (words[i] == "--")
            {
                // Whatever comes behind it is a file.
                files.AddRange(words.Skip(i + 1));
                break;
            }
            if (!s_valued.Contains(words[i]) || i + 1 >= words.Count)
                continue;
            var (option, value) = (words[i], words[++i]);
            if (option == "-f")
                files.Add(value);
            else if (option == "-C")
                directory = Under(directory, value);
            else if (option == "-S")
                master = value;
            else if (option is "-L" or "-n" or "-N" or "-m")
                test.AddRange(option, value);
        }
        List<string> config = [.. files.Select(f => Under(directory, f))];
        // Relative names inside of the files are relative to it as well.
        List<string> at = directory.Length > 0 && words.Contains("-C") ? ["-C", directory] : [];
        return new(config, [.. at, .. test, .. config.SelectMany(f => (string[])["-f", f])], MasterPath(master, directory));
    }

    /// <summary>"/run/m.sock,mode,660" and "unix@/run/m.sock" are paths; a port or an abstract name is no file.</summary>
    private static string? MasterPath(string? bind, string directory)
    {
        if (bind?.Split(',')[0] is not { Length: > 0 } address)
            return null;
        return address.StartsWith("unix@", StringComparison.Ordinal) ? Under(directory, address["unix@".Length..])
            : address[0] == '/' ? address
            : null;
    }

    private static string Under(string folder, string path) =>
        path.StartsWith('/') || folder.Length == 0 ? path : $"{folder.TrimEnd('/')}/{path}";
}
