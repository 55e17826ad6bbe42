using System.Net;
using LbRunbook.Core.Model;
using LbRunbook.Core.Text;

namespace LbRunbook.Core.Config;

/// <summary><c>vips:</c></summary>
internal static class VipBinder
{
    public static VirtualIp Bind(Section vip)
    {
        var (address, prefix) = vip.Require("address", AddressRules.VirtualIp, (IPAddress.None, 32),
            "192.0.2.10, 192.0.2.10/32, 2001:db8::10/128");
        var bound = new VirtualIp
        {
            Name = vip.Require("name", FieldRules.Name, ""),
            Address = address,
            PrefixLength = prefix,
            Interface = vip.GetOrNull("interface", AddressRules.Interface),
            Check = CheckBinder.Bind(vip, "check"),
        };
        var whole = bound.IsIPv6 ? 128 : 32;
        if (prefix < whole)
            vip.Warning(vip.ValueAt("address"),
                $"address {Shown.Quoted(bound.Cidr)} is wider than /{whole}: the kernel may make it secondary to another address of that "
                    + $"network and drop it together with that one; write {address}/{whole}");
        return bound;
    }
}
