using LbRunbook.Adapters.Ssh;
using LbRunbook.Core.Model;

namespace LbRunbook.Adapters.Vip;

/// <summary>
/// The commands that change addresses. They stand in the operator's sudo rules word by word (config/sudoers.d/lbctl):
/// another word or another order here is a refusal there. look.sh asks for the same words.
/// </summary>
internal static class AddressCommands
{
    public static RemoteCommand Add(VirtualIp vip, string device) => vip.IsIPv6
        // No preferred lifetime: the node must not choose the VIP as the source of its own connections.
        ? AsRoot("ip", "addr", "replace", vip.Cidr, "dev", device, "nodad", "preferred_lft", "0")
        : AsRoot("ip", "addr", "replace", vip.Cidr, "dev", device);

    public static RemoteCommand Remove(string cidr, string device) => AsRoot("ip", "addr", "del", cidr, "dev", device);

    private static RemoteCommand AsRoot(params string[] arguments) => new(arguments) { AsRoot = true };
}
