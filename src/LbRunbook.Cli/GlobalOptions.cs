using System.CommandLine;

namespace LbRunbook.Cli;

/// <summary>Options that every verb understands; defined once and added to the root as recursive.</summary>
internal sealed class GlobalOptions
{
    public Option<string?> Config { get; } = new("--config", "-c")
    {
        Description = "Configuration file (default: $LBCTL_CONFIG, $XDG_CONFIG_HOME/lbctl/config.yaml, /etc/lbctl/config.yaml)",
        HelpName = "FILE",
        Recursive = true,
    };
    public Option<string?> Cluster { get; } = new("--cluster")
    {
        Description = "Cluster name, where several are configured ($LBCTL_CLUSTER)",
        HelpName = "NAME",
        Recursive = true,
    };
    public Option<string?> Lab { get; } = new("--lab")
    {
        Description = "Work on a lab (default name: lab) instead of a configured cluster",
        HelpName = "NAME",
        Arity = ArgumentArity.ZeroOrOne,
        Recursive = true,
    };
    public Option<string> Output { get; } = new("--output", "-o")
    {
        Description = "human, json (and nagios for assess)",
        HelpName = "FORMAT",
        DefaultValueFactory = _ => "human",
        Recursive = true,
    };
    public Option<bool> Verbose { get; } = new("--verbose", "-v") { Description = "Say more on stderr", Recursive = true };
    public Option<bool> VeryVerbose { get; } = new("-vv") { Description = "Say everything on stderr", Recursive = true };
    public Option<bool> NoColor { get; } = new("--no-color") { Description = "No colour (also: NO_COLOR, TERM=dumb)", Recursive = true };

    public void AddTo(Command root)
    {
        foreach (var option in (Option[])[Config, Cluster, Lab, Output, Verbose, VeryVerbose, NoColor])
            root.Options.Add(option);
    }
}
