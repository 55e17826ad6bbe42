namespace LbRunbook.Adapters.Ssh.SshNet;

/// <summary>Whether this machine has an OpenSSH client.</summary>
internal static class SshProgram
{
    private static readonly Lazy<bool> s_isThere = new(() => IsOn(Environment.GetEnvironmentVariable("PATH")));

    public static bool IsThere => s_isThere.Value;

    public static bool IsOn(string? path) =>
        path?.Split(Path.PathSeparator).Any(folder => folder.Length > 0 && File.Exists(Path.Combine(folder, FileName))) == true;

    private static string FileName => OperatingSystem.IsWindows() ? SshArguments.Program + ".exe" : SshArguments.Program;
}
