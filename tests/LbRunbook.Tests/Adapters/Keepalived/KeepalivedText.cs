using LbRunbook.Adapters.Keepalived;
using LbRunbook.Core.Observations;

namespace LbRunbook.Tests.Adapters.Keepalived;

/// <summary>Configuration text as the node would report it.</summary>
internal static class KeepalivedText
{
    public const string Main = "/etc/keepalived/keepalived.conf";

    public const string Usual = """
        ! Configuration File for keepalived
        global_defs {
            router_id lb1   # us
        }

        vrrp_track_file drain { file "/run/drain" weight 1 }

        vrrp_instance VI_1
        {
            state BACKUP
            interface eth0
            virtual_router_id 51
            priority 150    ! the better one
            advert_int 0.5
            nopreempt
            preempt_delay 30 # seconds
            authentication {
                auth_type PASS
                auth_pass "a{b}#c"
            }
            virtual_ipaddress {
                10.0.0.100/32 dev eth0 label eth0:1
            }
            virtual_ipaddress_excluded { fd00::0100/128 }
            track_file { drain weight 2 }
        }

        vrrp_sync_group G1 {
            group {
                VI_1
            }
        }
        """;

    public static string Report(params (string Path, string Text)[] files) =>
        "==process== 32 1 S\n==process== 37 32 S\n==id== lb1\n==config== " + Main + "\n==edit==\n"
        + string.Concat(files.Select(f =>
            $"==file== {new string('0', 64)} {f.Path}\n{string.Concat(f.Text.Split('\n').Select(l => $"|{l}\n"))}\n"))
        + "==track== w -7 /run/drain\n";

    public static KeepalivedState Read(string text, params (string Path, string Text)[] more) =>
        KeepalivedReader.Build(KeepalivedReport.Parse(Report([(Main, text), .. more])), [new("eth0", "10.0.0.100", 32)])!;

    public static KeepalivedDirective Tree(string text) =>
        KeepalivedConfig.Parse([new(Main, text.Split('\n'))], "lb1").Top;
}
