using LbRunbook.Core.Model;

namespace LbRunbook.Core.Diagnosis.Rules;

/// <summary>
/// A command line to paste, where no verb of ours does the job. With every option that our own login uses, or it would not get in.
/// </summary>
internal static class SshText
{
    public static string To(Node node, string command, bool verbose = false) => To(node.Host, node.Ssh, command, verbose);

    public static string To(string host, SshOptions ssh, string command, bool verbose = false)
    {
        List<string> words = ["ssh"];
        if (verbose)
            words.Add("-v");
        if (ssh.Port is { } port)
            words.AddRange("-p", $"{port}");
        if (ssh.Identity is { } identity)
            words.AddRange("-i", identity);
        if (ssh.KnownHosts is { } knownHosts)
            words.AddRange("-o", $"UserKnownHostsFile={knownHosts}");
        if (ssh.Jump is { } jump)
            words.AddRange("-J", jump);
        words.Add(ssh.User is { } user ? $"{user}@{host}" : host);
        words.Add(command);
        return string.Join(' ', words);
    }

    /// <summary>As root there, with sudo where the host is configured so.</summary>
    public static string AsRoot(Node node, string command) => To(node, node.Ssh.Sudo ? $"sudo {command}" : command);

    /// <summary>One after the other, the second if the first went well; quoted, or the second would run here.</summary>
    public static string AsRoot(Node node, string first, string second)
    {
        var sudo = node.Ssh.Sudo ? "sudo " : "";
        return To(node, $"'{sudo}{first} && {sudo}{second}'");
    }

    private static void AddRange(this List<string> words, params ReadOnlySpan<string> more)
    {
        foreach (var word in more)
            words.Add(word);
    }
}
