using System.Text.Json.Serialization;

namespace LbRunbook.Lab;

[JsonConverter(typeof(JsonStringEnumConverter<LabRole>))]
internal enum LabRole { Proxy, Backend, Client, Operator, Spare }

/// <summary>One host of a lab.</summary>
/// <param name="Number">Last part of its addresses.</param>
internal sealed record LabHost(string Name, LabRole Role, int Number)
{
    /// <summary>Boots systemd; the client is only an sshd, which is all that a witness needs.</summary>
    [JsonIgnore]
    public bool Boots => Role is LabRole.Proxy or LabRole.Backend or LabRole.Spare;
}

/// <summary>Names and addresses of a lab, all of which carry its index, so that labs never meet.</summary>
internal sealed record LabAddresses(int Index)
{
    public const int Machine = 1;
    public const int Client = 5;
    public const int FirstProxy = 11;
    public const int FirstBackend = 21;
    public const int FirstSpare = 61;
    public const int Vip = 100;

    public string Prefix => $"lb{Index}-";
    public string Bridge => $"{Prefix}br";

    /// <summary>
    /// Namespace, bridge port, machine and cgroup of a host all have this one name (≤ 15 characters, an interface's limit).
    /// </summary>
    public string ObjectOf(string host) => Prefix + host;
    public string V4(int number) => $"10.213.{Index}.{number}";
    public string V6(int number) => $"fd00:213:{Index}::{number}";
    public string VipV4 => V4(Vip);
    public string VipV6 => V6(Vip);

    /// <summary>Locally administered.</summary>
    public string MachineMac => $"02:6c:62:00:00:{Index:x2}";
}
