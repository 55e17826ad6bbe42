using System.Globalization;
using LbRunbook.Adapters.Ssh;
using LbRunbook.Core.Model;
using LbRunbook.Core.Ports;

namespace LbRunbook.Adapters.HandOver;

/// <summary>The second-chance hand-over on Linux nodes: <c>Scripts/handover.sh</c> and what it says.</summary>
internal sealed class SecondChance(IRemoteShell shell) : IHandOver
{
    public async Task<HandOverAbility> LookAsync(Node node, IReadOnlyList<HandOverVip> vips, CancellationToken cancellation)
    {
        var said = await RunAsync(node, "look", "look", "looking what it can do for a hand-over", new() { Vips = vips }, cancellation);
        return AbilityReport.Parse(said);
    }

    public async Task<IReadOnlyList<string>> MissingAsync(HandOverPart part, CancellationToken cancellation) =>
        Lines(await RunAsync(part.Node, part.Role == HandOverRole.Guard ? "missing-guard" : "missing-keep", part.Id, "looking at the hand-over", Values.Of(part), cancellation));

    public Task PrepareAsync(HandOverPart part, CancellationToken cancellation) =>
        RunAsync(part.Node, part.Role == HandOverRole.Guard ? "guard" : "keep", part.Id, "preparing the hand-over", Values.Of(part), cancellation);

    public async Task<IReadOnlyList<string>> LeftAsync(Node node, string id, CancellationToken cancellation) =>
        Lines(await RunAsync(node, "left", id, "looking for the hand-over", new(), cancellation));

    public Task EndAsync(Node node, string id, CancellationToken cancellation) =>
        RunAsync(node, "end", id, "ending the hand-over", new(), cancellation);

    private async Task<string> RunAsync(Node node, string verb, string id, string what, Values with, CancellationToken cancellation)
    {
        // It becomes a path and the name of a table; the journal that it may come from is a file that people can edit.
        if (id.Length is 0 or > 20 || !id.All(char.IsAsciiLetterOrDigit))
            throw new AdapterException(node.Name, what, $"\"{id}\" is no name of a hand-over");
        List<string> parameters = [verb, id, with.Seconds, with.Tool, EmbeddedScript.Read("handover-end.sh"), with.About, with.Map];
        foreach (var (vip, other) in with.Vips)
            parameters.AddRange([vip.Address.ToString(), vip.IsIPv6 ? "128" : "32", vip.InterfaceOn(node), other.ToString()]);
        var host = RemoteHost.Of(node);
        var result = await shell.RunAsync(host, RemoteCommand.Script(EmbeddedScript.Read("handover.sh"), [.. parameters]), cancellation);
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
