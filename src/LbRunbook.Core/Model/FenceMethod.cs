namespace LbRunbook.Core.Model;

/// <summary>
/// One way to be sure that a node which SSH does not reach serves no virtual IP any more. Tried in the order of the file;
/// none counts as worked before the wire is silent.
/// </summary>
public abstract record FenceMethod
{
    /// <summary>For all of it: the method, its <see cref="Confirm"/> and the silence on the wire.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Run here, repeatedly: exit 0 says that it worked. Null = only the wire is asked.</summary>
    public IReadOnlyList<string>? Confirm { get; init; }

    /// <summary>How plans and messages call it; without arguments, which may hold what nobody should read.</summary>
    public abstract string Name { get; }

    /// <summary>False: this build knows the method, but has nothing to carry it out with.</summary>
    public virtual bool Available => true;
}

/// <summary>The machine lives and only one way to it is broken: log in over another address and take the virtual IP away there.</summary>
public sealed record AddressFence(string Address) : FenceMethod
{
    public override string Name => $"ssh over {Address}";

    /// <summary>
    /// The node by its other address. The host key must be the one that is known for <see cref="Node.Host"/>: it is the same machine.
    /// </summary>
    public Node Over(Node node) => node with
    {
        Host = Address,
        Ssh = node.Ssh with { HostKeyAlias = node.Ssh.Port is { } port and not 22 ? $"[{node.Host}]:{port}" : node.Host },
    };
}

/// <summary>
/// Any fence agent or program of this machine, with <c>{host}</c> and <c>{node}</c> replaced inside arguments. Never through a shell.
/// </summary>
public sealed record CommandFence(IReadOnlyList<string> Command) : FenceMethod
{
    public override string Name => Command.Count > 0 ? Path.GetFileName(Command[0]) : "command";
}

/// <summary>Stops an EC2 instance.</summary>
public sealed record Ec2Fence(string Instance, string? Region) : FenceMethod
{
    public override string Name => $"stop of EC2 instance {Instance}{(Region is null ? "" : $" in {Region}")}";
    public override bool Available => false;
}
