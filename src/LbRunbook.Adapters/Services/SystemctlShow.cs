using LbRunbook.Core.Observations;

namespace LbRunbook.Adapters.Services;

/// <summary>What <c>systemctl show</c> says of one unit.</summary>
internal sealed record SystemctlShow(string LoadState, string ActiveState, string SubState, string UnitFileState, int MainPid,
    string Result)
{
    public const string Properties = "LoadState,ActiveState,SubState,UnitFileState,MainPID,Result";

    public bool Exists => LoadState is not ("not-found" or "");
    public bool Masked => LoadState == "masked" || UnitFileState.StartsWith("masked", StringComparison.Ordinal);

    /// <summary>The unit gave up restarting: it can only be started after <c>reset-failed</c>.</summary>
    public bool HitStartLimit => Result == "start-limit-hit";

    public ServiceState State => new(
        // "activating" is not there yet: a Type=notify unit that is still loading, or the pause of a crash loop.
        ActiveState is "active" or "reloading" or "refreshing",
        StartsAtBoot,
        !Exists ? "not-found" : Masked && ActiveState == "inactive" ? "masked" : SubState,
        MainPid);

    /// <summary>Null where it cannot be said: static and generated units start when something else pulls them in.</summary>
    private bool? StartsAtBoot => UnitFileState switch
    {
        "enabled" or "alias" => true,
        // Until the next reboot only, which is when it matters.
        "enabled-runtime" or "linked-runtime" => false,
        "disabled" or "linked" or "masked" or "masked-runtime" => false,
        _ => null,
    };

    public static SystemctlShow Parse(string output)
    {
        var values = new Dictionary<string, string>();
        foreach (var line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
                values[line[..equals]] = line[(equals + 1)..].Trim();
        }
        string Value(string name) => values.GetValueOrDefault(name, "");
        _ = int.TryParse(Value("MainPID"), out var pid);
        return new(Value("LoadState"), Value("ActiveState"), Value("SubState"), Value("UnitFileState"), pid, Value("Result"));
    }
}
