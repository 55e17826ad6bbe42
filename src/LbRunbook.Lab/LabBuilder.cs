using LbRunbook.Lab.Files;

namespace LbRunbook.Lab;

/// <summary>What is wanted.</summary>
internal sealed record LabPlan(string Name, int Nodes, int Backends, string Proxy)
{
    /// <summary>Who carries the virtual IPs: the lab itself, or a keepalived on every node.</summary>
    public LabKeepalived Keepalived { get; init; }

    /// <summary>Emergency backends for <c>scale-out</c>.</summary>
    public int Spares { get; init; }

    public IReadOnlyList<LabHost> Hosts() =>
    [
        .. Enumerable.Range(0, Nodes).Select(i => new LabHost($"lb{i + 1}", LabRole.Proxy, LabAddresses.FirstProxy + i)),
        .. Enumerable.Range(0, Backends).Select(i => new LabHost($"web{i + 1}", LabRole.Backend, LabAddresses.FirstBackend + i)),
        .. Enumerable.Range(0, Spares).Select(i => new LabHost($"spare{i + 1}", LabRole.Spare, LabAddresses.FirstSpare + i)),
        new LabHost("client", LabRole.Client, LabAddresses.Client),
    ];
}

/// <summary>Brings a lab up, or takes away what it had made when it cannot.</summary>
internal sealed class LabBuilder(Action<string> say)
{
    public static readonly TimeSpan ReadyLimit = TimeSpan.FromSeconds(30);

    public async Task<LabState> UpAsync(LabPlan plan, CancellationToken cancellation)
    {
        LabPreflight.Require(plan.Proxy, plan.Keepalived);
        LabInotify.Require(plan.Hosts().Count(h => h.Boots));
        var paths = new LabPaths(plan.Name);
        if (!LabRegistry.TryCreateDirectory(paths))
            throw new LabException(LabProblem.Refused, $"lab {plan.Name} exists already", $"lbctl lab status --name {plan.Name}");
        try
        {
            return await BuildAsync(plan, paths, cancellation);
        }
        catch (Exception error)
        {
            say("taking away what was made so far");
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            await new LabSweeper(_ => { }).SweepAsync(plan.Name, limit.Token);
            if (error is LabException lab)
                throw new LabException(lab.Problem, lab.Message + "\nEverything that was made is taken away again.", lab.Next);
            throw;
        }
    }

    private async Task<LabState> BuildAsync(LabPlan plan, LabPaths paths, CancellationToken cancellation)
    {
        var state = new LabState
        {
            Name = plan.Name,
            Index = LabRegistry.ClaimIndex(plan.Name),
            Proxy = plan.Proxy,
            Keepalived = plan.Keepalived,
            Hosts = plan.Hosts(),
            Builder = Environment.ProcessId,
        };
        LabStateFile.Write(state);
        Directory.CreateDirectory(paths.Logs);
        var network = new LabNetwork(state.Addresses);
        await Task.WhenAll(
            network.CreateBridgeAsync(cancellation),
            new LabKeys(state.Addresses, paths).CreateAsync(state.Hosts, cancellation));
        await File.WriteAllTextAsync(paths.Config, LabConfig.Yaml(state), cancellation);
        say($"booting {state.Hosts.Count} hosts");
        var key = File.ReadAllText(paths.Key + ".pub");
        await Task.WhenAll(state.Hosts.Select(h => Task.Run(() => StartAsync(state, h, network, key, cancellation), cancellation)));
        using var readiness = new LabReadiness(state);
        await readiness.WaitAsync(state.Hosts, ReadyLimit, cancellation);
        if (state.Keepalived != LabKeepalived.None)
            await new LabElection(state).WaitAsync(ReadyLimit, cancellation);
        state = state with { Ready = true };
        LabStateFile.Write(state);
        return state;
    }

    private static async Task StartAsync(LabState state, LabHost host, LabNetwork network, string key, CancellationToken cancellation)
    {
        await new LabDisk(state.Paths).AddHostAsync(host, cancellation);
        var tree = new HostTree(state.Paths.Root(host.Name));
        CommonFiles.Write(tree, state, host, key);
        await OperatorFiles.WriteAsync(tree, key, cancellation);
        switch (host.Role)
        {
            case LabRole.Proxy when state.Proxy == "haproxy":
                HaproxyFiles.Write(tree, state, host);
                break;
            case LabRole.Proxy:
                NginxProxyFiles.Write(tree, state, host);
                break;
            case LabRole.Backend:
                BackendFiles.Write(tree, host, enable: true);
                break;
            case LabRole.Spare:
                BackendFiles.Write(tree, host, enable: false);
                break;
        }
        if (host.Role == LabRole.Proxy && state.Keepalived != LabKeepalived.None)
            await KeepalivedFiles.WriteAsync(tree, state, host, cancellation);
        string[] vips = host == state.Proxies.First() && state.Keepalived == LabKeepalived.None
            ? [$"{state.Addresses.VipV4}/32", $"{state.Addresses.VipV6}/128"]
            : [];
        await network.AddHostAsync(host, vips, cancellation);
        await new LabMachine(state.Addresses, state.Paths).StartAsync(host, cancellation);
    }
}
