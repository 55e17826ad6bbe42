using System.Globalization;
using LbRunbook.Adapters.Ssh;

namespace LbRunbook.Lab.Files;

/// <summary>
/// A login that is not root, with the recommended sudo rules and nothing else: <c>ssh: {user: ops, sudo: true}</c> can be practised.
/// </summary>
internal static class OperatorFiles
{
    public const string User = "ops";
    public const string Rules = "/etc/sudoers.d/lbctl";
    private const string Home = "/home/" + User;
    private const int FirstId = 2000;

    // The machine's own rules must not make more possible here than the file under test.
    private const string Sudoers = """
        Defaults env_reset
        Defaults secure_path="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        root ALL=(ALL:ALL) ALL
        @includedir /etc/sudoers.d

        """;

    private const UnixFileMode OwnerOnlyDirectory = (UnixFileMode)0b111_000_000;
    private const UnixFileMode ReadOnly = (UnixFileMode)0b100_100_000;

    public static async Task WriteAsync(HostTree tree, string authorizedKey, CancellationToken cancellation)
    {
        var users = Lines(tree, "/etc/passwd");
        var groups = Lines(tree, "/etc/group");
        var id = FreeId(users, groups);
        tree.Write("/etc/passwd", Text([.. users, $"{User}:x:{id}:{id}:Operator:{Home}:/bin/sh"]));
        // The group that may open HAProxy's sockets.
        tree.Write("/etc/group",
            Text([.. groups.Select(g => g.StartsWith("haproxy:", StringComparison.Ordinal) ? AddMember(g) : g), $"{User}:x:{id}:"]));
        tree.Write("/etc/shadow", Text([.. Lines(tree, "/etc/shadow"), $"{User}:*:19000:0:99999:7:::"]), HostTree.Private);
        tree.Empty(Home, OwnerOnlyDirectory);
        tree.Empty(Home + "/.ssh", OwnerOnlyDirectory);
        tree.Write(Home + "/.ssh/authorized_keys", authorizedKey, HostTree.Private);
        await tree.GiveAsync(Home, id, cancellation);
        tree.Empty("/etc/sudoers.d");
        tree.Write("/etc/sudoers", Sudoers, ReadOnly);
        // Adapted as it says itself: to the name of the unit.
        tree.Write(Rules, EmbeddedScript.Read("sudoers").Replace(" app,", $" {BackendFiles.Unit},", StringComparison.Ordinal)
            .Replace("-u app ", $"-u {BackendFiles.Unit} ", StringComparison.Ordinal), ReadOnly);
    }

    /// <summary>Without a user of that name which the machine may have.</summary>
    private static List<string> Lines(HostTree tree, string path) =>
        [.. tree.Read(path).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(l => !l.StartsWith(User + ":", StringComparison.Ordinal))];

    /// <summary>To the group of the operator's login, after <see cref="WriteAsync"/>.</summary>
    public static Task GiveAsync(HostTree tree, string path, CancellationToken cancellation) =>
        tree.GiveAsync(path,
            int.Parse(tree.Read("/etc/passwd").Split('\n').First(l => l.StartsWith(User + ":", StringComparison.Ordinal)).Split(':')[3],
                CultureInfo.InvariantCulture), cancellation);

    private static string Text(IEnumerable<string> lines) => string.Concat(lines.Select(l => l + "\n"));

    private static string AddMember(string group) => group.EndsWith(':') ? group + User : $"{group},{User}";

    private static int FreeId(IEnumerable<string> users, IEnumerable<string> groups)
    {
        var taken = users.Concat(groups).Select(l => l.Split(':')).Where(f => f.Length > 2)
            .Select(f => int.TryParse(f[2], CultureInfo.InvariantCulture, out var id) ? id : 0).ToHashSet();
        return Enumerable.Range(FirstId, taken.Count + 1).First(id => !taken.Contains(id));
    }
}
