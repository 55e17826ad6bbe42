using LbRunbook.Core.Ports;

namespace LbRunbook.Adapters.HandOver;

/// <summary>The lines of <c>handover.sh look</c>.</summary>
internal static class AbilityReport
{
    public static HandOverAbility Parse(string output)
    {
        var (isRoot, hasTimer) = (false, false);
        var tools = new List<string>();
        var lacking = new Dictionary<string, string>();
        var neighbours = new Dictionary<string, string>();
        foreach (var line in output.Split('\n'))
        {
            var words = line.Split(' ', 3);
            switch (words)
            {
                case ["uid", var uid]:
                    isRoot = uid == "0";
                    break;
                case ["timer", "yes"]:
                    hasTimer = true;
                    break;
                case ["tool", var tool]:
                    tools.Add(tool);
                    break;
                case ["not", var tool, var why]:
                    lacking[tool.TrimEnd(':')] = why;
                    break;
                case ["mac" or "route", var address, var said]:
                    neighbours[address] = said;
                    break;
            }
        }
        return new(isRoot, hasTimer, tools, lacking, neighbours);
    }
}
