using LbRunbook.Core.Ports;

namespace LbRunbook.Adapters.Keepalived;

/// <summary>The files with the exact lines of the named instances changed, and nothing else.</summary>
internal static class KeepalivedEditor
{
    /// <returns>Only files that change. </returns>
    /// <exception cref="FormatException">The configuration has no place for it; the message says which and why.</exception>
    public static IReadOnlyList<KeepalivedFile> Apply(KeepalivedDirective top, IReadOnlyList<VrrpSetting> settings)
    {
        var changed = new Dictionary<(KeepalivedFile File, int Line), string>();
        foreach (var setting in settings)
        {
            var block = top.All("vrrp_instance").FirstOrDefault(i => i.Value == setting.Instance)
                ?? throw new FormatException($"there is no vrrp_instance {setting.Instance}");
            SetPriority(block, setting, changed);
            foreach (var (file, line) in HoldBacks(block))
                changed[(file, line)] = setting.Eager
                    ? KeepalivedMarks.Suspend(file.Lines[line])
                    : KeepalivedMarks.Resume(file.Lines[line]);
        }
        return
        [
            .. changed.GroupBy(c => c.Key.File)
                .Select(g => g.Key with { Lines = [.. g.Key.Lines.Select((text, i) => changed.GetValueOrDefault((g.Key, i), text))] })
                .Where(f => !f.Lines.SequenceEqual(changed.Keys.First(k => k.File.Path == f.Path).File.Lines)),
        ];
    }

    private static void SetPriority(KeepalivedDirective block, VrrpSetting setting, Dictionary<(KeepalivedFile, int), string> changed)
    {
        if (block.Last("priority") is not { } directive)
        {
            if (setting.Priority is not null)
                throw new FormatException($"{setting.Instance} has no priority line");
            return;
        }
        var (file, line) = (directive.Words[0].File, directive.Words[0].Line);
        // What a definition writes out stands there for every use of it.
        if (directive.Words[0].Derived || KeepalivedMarks.Priority(file.Lines[line]) is null)
        {
            if (setting.Priority is not null)
                throw new FormatException($"the priority of {setting.Instance} is not a plain number alone on its line");
            return;
        }
        changed[(file, line)] = KeepalivedMarks.WithPriority(file.Lines[line], setting.Priority);
    }

    /// <summary>Lines of the instance with nopreempt or preempt_delay, in force or not; only such as stand alone on their line.</summary>
    private static IEnumerable<(KeepalivedFile File, int Line)> HoldBacks(KeepalivedDirective block)
    {
        var inForce = block.Children.Where(c => c.Name is "nopreempt" or "preempt_delay" && !c.Words[0].Derived)
            .Select(c => (c.Words[0].File, c.Words[0].Line));
        if (block.Words[0].Derived)
            return inForce;
        var file = block.Words[0].File;
        var last = Math.Min(block.EndLine, file.Lines.Count - 1);
        var suspended = Enumerable.Range(block.Words[0].Line, Math.Max(0, last - block.Words[0].Line + 1))
            .Where(l => KeepalivedMarks.IsSuspended(file.Lines[l])).Select(l => (file, l));
        return inForce.Concat(suspended);
    }
}
