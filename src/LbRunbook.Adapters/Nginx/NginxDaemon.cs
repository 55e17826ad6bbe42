using LbRunbook.Adapters.Ssh;

namespace LbRunbook.Adapters.Nginx;

/// <summary>
/// The nginx that a node means: the one that runs, with the words it was started with; where none does, what the node's configuration says.
/// </summary>
/// <param name="Pid">Of its master; 0 = none was seen.</param>
/// <param name="Start">When that began: see <see cref="NginxProcess"/>.</param>
/// <param name="Words"><c>-p</c>, <c>-c</c> and <c>-g</c>, for every call of the binary.</param>
/// <param name="Directory">Where the binary has to be called, because the words are relative; empty = anywhere.</param>
/// <param name="Config">The main configuration file.</param>
/// <param name="PidFileSays">The pid in the configured pid file; null = none.</param>
/// <param name="WhyUnseen">Something runs, or may run, that is not known to be it; null = nothing does.</param>
/// <param name="Notes">What differs from the node's configuration.</param>
internal sealed record NginxDaemon(
    int Pid, string Start, string Binary, IReadOnlyList<string> Words, string Directory, string Config, int? PidFileSays,
    string? WhyUnseen, IReadOnlyList<string> Notes)
{
    public NginxBuild? Build { get; init; }
    public NginxArguments Arguments { get; init; } = new(null, null, null);
    public bool Runs => Pid > 0;

    /// <summary>A call of the binary with the words of the daemon.</summary>
    public IReadOnlyList<string> Call(params string[] what) => Directory.Length == 0
        ? [Binary, .. what, .. Words]
        : ["sh", "-c", "cd \"$1\" && shift && exec \"$@\"", "nginx", Directory, Binary, .. what, .. Words];

    /// <param name="directive">What the configuration says; null = nothing.</param>
    /// <param name="fallback">Where the build does not tell.</param>
    public string PidFile(string? directive, string fallback) =>
        Runs && Build is not null ? Build.PidFileOf(Arguments, Directory, directive) : directive ?? fallback;
}
