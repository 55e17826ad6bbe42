using LbRunbook.SystemTests.Lab;

namespace LbRunbook.SystemTests.Failover;

internal static class Hidden
{
    /// <summary>The node as if these programs were not installed: a file that nobody may execute is no command.</summary>
    public static async Task WithoutAsync(LabFixture lab, string node, string programs, Func<Task> test)
    {
        const string Hide = "for p in $1; do f=$(command -v \"$p\") && mv \"$f\" \"$f.hidden\"; done; hash -r";
        const string Show = "for f in /usr/sbin/*.hidden /usr/bin/*.hidden /sbin/*.hidden /bin/*.hidden; do [ ! -e \"$f\" ] && [ ! -L "
            + "\"$f\" ] || mv \"$f\" \"${f%.hidden}\"; done";
        await lab.ExecAsync(node, "sh", "-c", Hide, "hide", programs);
        try
        {
            await test();
        }
        finally
        {
            await lab.ExecAsync(node, "sh", "-c", Show);
        }
    }
}
