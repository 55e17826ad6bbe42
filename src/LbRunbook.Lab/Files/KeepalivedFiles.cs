namespace LbRunbook.Lab.Files;

/// <summary>
/// keepalived as most people run it: its defaults, one instance for each address family, the first node with the higher priority.
/// </summary>
internal static class KeepalivedFiles
{
    /// <summary>Survives a reboot, so that a node that was told to stand back does not come forward by itself.</summary>
    public const string TrackFile = "/var/lib/keepalived/lbctl";

    private const int FirstPriority = 150;
    private const int PriorityStep = 50;

    private const UnixFileMode Writable = (UnixFileMode)0b110_110_100;

    public static async Task WriteAsync(HostTree tree, LabState lab, LabHost host, CancellationToken cancellation)
    {
        tree.Empty("/etc/keepalived");
        tree.Write("/etc/keepalived/keepalived.conf", Config(lab, host));
        if (lab.Keepalived == LabKeepalived.TrackFile)
        {
            tree.Empty("/var/lib/keepalived");
            tree.Write(TrackFile, "0\n", Writable);
            await OperatorFiles.GiveAsync(tree, TrackFile, cancellation);
        }
        CommonFiles.Enable(tree, "keepalived");
    }

    public static string Config(LabState lab, LabHost host)
    {
        var rank = lab.Proxies.ToList().FindIndex(h => h.Name == host.Name);
        var (v4, v6) = (Instance(lab, rank, "public", 51, $"{lab.Addresses.VipV4}/32"),
            Instance(lab, rank, "public6", 52, $"{lab.Addresses.VipV6}/128"));
        var track = lab.Keepalived == LabKeepalived.TrackFile ? $$"""

            # What stands in the file is added to the priority: a node with -100 in it stands back.
            vrrp_track_file lbctl {
                file {{TrackFile}}
                weight 1
            }

            """ : "";
        return $$"""
            global_defs {
                router_id {{host.Name}}
            }
            {{track}}
            {{v4}}
            {{v6}}
            """;
    }

    private static string Instance(LabState lab, int rank, string name, int id, string address)
    {
        // With nopreempt nobody may begin as MASTER: keepalived would ignore it.
        var state = rank == 0 && lab.Keepalived != LabKeepalived.NoPreempt ? "MASTER" : "BACKUP";
        var more = lab.Keepalived switch
        {
            LabKeepalived.NoPreempt => "    nopreempt\n",
            LabKeepalived.TrackFile => "    track_file {\n        lbctl\n    }\n",
            _ => "",
        };
        return $$"""
            vrrp_instance {{name}} {
                state {{state}}
                interface eth0
                virtual_router_id {{id}}
                priority {{Math.Max(10, FirstPriority - (PriorityStep * rank))}}
                advert_int 1
            {{more}}    virtual_ipaddress {
                    {{address}}
                }
            }

            """;
    }
}
