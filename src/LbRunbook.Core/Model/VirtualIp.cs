using System.Net;
using System.Net.Sockets;

namespace LbRunbook.Core.Model;

public sealed record VirtualIp
{
    public required string Name { get; init; }
    public required IPAddress Address { get; init; }

    /// <summary>32 or 128 unless configured otherwise: a wider prefix becomes "secondary" and can vanish with its primary.</summary>
    public required int PrefixLength { get; init; }

    /// <summary>Overrides the node's interface.</summary>
    public string? Interface { get; init; }

    /// <summary>What must answer through this VIP; null = a TCP connection to port 80.</summary>
    public HealthCheck? Check { get; init; }

    public bool IsIPv6 => Address.AddressFamily == AddressFamily.InterNetworkV6;
    public string Cidr => $"{Address}/{PrefixLength}";
    public string InterfaceOn(Node node) => Interface ?? node.Interface;

    /// <summary>The check that counts: the configured one, else TCP to port 80.</summary>
    public HealthCheck EffectiveCheck => Check ?? new TcpCheck { Port = 80 };

    /// <summary>Where the check asks: what must listen there before it moves, and what its clients connect to.</summary>
    public int Port => EffectiveCheck.PortOn();
}
