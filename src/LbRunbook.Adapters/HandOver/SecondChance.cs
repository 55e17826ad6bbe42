using System.Globalization;
using LbRunbook.Adapters.Ssh;
using LbRunbook.Core.Model;
using LbRunbook.Core.Ports;

namespace LbRunbook.Adapters.HandOver;

/// <summary>The second-chance hand-over on Linux nodes: <c>Scripts/handover*.sh</c> and what they say.</summary>
internal sealed class SecondChance(IRemoteShell shell) : IHandOver
{
    public async Task<HandOverAbility> LookAsync(Node node, IReadOnlyList<HandOverVip> vips, CancellationToken cancellation)
    {
        var said = await LookAsync(node, "look", "look", "looking what it can do for a hand-over", new() { Vips = vips }, cancellation);
        return AbilityReport.Parse(said);
    }

    public async Task<IReadOnlyList<string>> MissingAsync(HandOverPart part, CancellationToken cancellation) =>
        Lines(await LookAsync(part.Node, part.Role == HandOverRole.Guard ? "missing-guard" : "missing-keep", part.Id,
            "looking at the hand-over", Values.Of(part), cancellation));

    public Task PrepareAsync(HandOverPart part, CancellationToken cancellation) =>
        ChangeAsync(part.Node, part.Role == HandOverRole.Guard ? "guard" : "keep", part.Id, "preparing the hand-over", Values.Of(part),
            cancellation);

    public async Task<IReadOnlyList<string>> LeftAsync(Node node, string id, CancellationToken cancellation) =>
        Lines(await LookAsync(node, "left", id, "looking for the hand-over", new(), cancellation));

    public Task EndAsync(Node node, string id, CancellationToken cancellation) =>
        ChangeAsync(node, "end", id, "ending the hand-over", new(), cancellation);

    private Task<string> LookAsync(Node node, string verb, string id, string what, Values with, CancellationToken cancellation) =>
        RunAsync(node, "handover-look.sh", [verb, id, with.Seconds, with.Tool, "", with.About, with.Map], what, with.Vips, cancellation);

    private Task<string> ChangeAsync(Node node, string verb, string id, string what, Values with, CancellationToken cancellation) =>
        RunAsync(node, "handover-change.sh",
            [verb, id, with.Seconds, with.Tool, EmbeddedScript.Read("handover-end.sh"), with.About, with.Map], what, with.Vips,
            cancellation);

    private async Task<string> RunAsync(
        Node node, string script, List<string> parameters, string what, IReadOnlyList<HandOverVip> vips, CancellationToken cancellation)
    {
        var id = parameters[1];
        // It becomes a path and the name of a table; the journal that it may come from is a file that people can edit.
        if (id.Length is 0 or > 20 || !id.All(char.IsAsciiLetterOrDigit))
            throw new AdapterException(node.Name, what, $"\"{id}\" is no name of a hand-over");
        foreach (var (vip, other) in vips)
            parameters.AddRange([vip.Address.ToString(), vip.IsIPv6 ? "128" : "32", vip.InterfaceOn(node), other.ToString()]);
        var host = RemoteHost.Of(node);
        var whole = EmbeddedScript.Read("handover.sh") + EmbeddedScript.Read(script);
        var result = await shell.RunAsync(host, RemoteCommand.Script(whole, [.. parameters]), cancellation);
        return result.Ok ? result.Output : throw RemoteFailure.Of(host, what, result);
    }

    private static List<string> Lines(string output) =>
        [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];

    private sealed record Values
    {
        public string Seconds { get; init; } = "0";
        public string Tool { get; init; } = "";
        public string About { get; init; } = "";
        public string Map { get; init; } = "";
        public IReadOnlyList<HandOverVip> Vips { get; init; } = [];

        public static Values Of(HandOverPart part) => new()
        {
            Seconds = Math.Ceiling(part.EndsAfter.TotalSeconds).ToString(CultureInfo.InvariantCulture),
            Tool = part.Tool,
            About = part.About,
            Map = part.CloseMap is { } map ? $"{part.Node.Haproxy.Socket} {map}" : "",
            Vips = part.Vips,
        };
    }
}
