using LbRunbook.Core.Model;
using LbRunbook.Core.Text;

namespace LbRunbook.Core.Config;

/// <summary><c>emergency:</c> of a pool: backends that stand by, and how each is started.</summary>
internal static class EmergencyBinder
{
    private static readonly FieldRule<string> Engine = FieldRules.Choice(("docker", "docker"), ("podman", "podman"),
        ("nerdctl", "nerdctl"));

    public static IReadOnlyList<Backend> Bind(Section pool, string poolName, SshOptions ssh, UniqueNames names) =>
        [.. Items.Of(pool, "emergency", "emergency backend", ConfigKeys.Emergency).Select(item => Of(item, poolName, ssh, names))];

    private static Backend Of(Section item, string pool, SshOptions ssh, UniqueNames names)
    {
        if (item.Has("service") && item.Has("container"))
            item.Error(item.KeyAt("container"), "service and container are two ways to start it: leave one out");
        if ((item.Has("service") || item.Has("container")) && !item.Has("ssh"))
            item.Error(item.At, "is started over SSH: add ssh: {} (or its own user, port, …)");
        var backend = PoolBinder.BindBackend(item, pool, ssh, names);
        return backend with
        {
            Service = Container(item) ?? backend.Service,
            Weight = item.GetValueOrNull("weight", FieldRules.Integer(1, 256)),
            ServerOptions = item.GetOrNull("serverOptions", Options) ?? "",
        };
    }

    /// <summary>A container that exists: "top" fails for one that does not run, where "inspect" does not.</summary>
    private static ServiceOptions? Container(Section item)
    {
        if (item.Map("container", $"{item.Title}, container", ConfigKeys.Container) is not { } container)
            return null;
        var engine = container.Get("engine", Engine, "docker");
        var name = container.Require("name", FieldRules.Name, "");
        return new() { Name = name, Start = [engine, "start", name], Stop = [engine, "stop", name], Status = [engine, "top", name] };
    }

    /// <summary>Words that would undo what scale-out does with a server, each with what to do instead.</summary>
    private static readonly Dictionary<string, string> s_taken = new(StringComparer.OrdinalIgnoreCase)
    {
        ["disabled"] = "scale-out decides when it gets traffic",
        ["enabled"] = "it would get traffic before its first check",
        ["no-check"] = "scale-out waits for its check",
        ["track"] = "scale-out waits for its own check",
        ["weight"] = "use weight: beside serverOptions",
        ["backup"] = "a backup server adds no capacity",
        ["server"] = "give its words only, without \"server\", name and address",
        ["default-server"] = "an added server takes no defaults: give the words themselves",
    };

    /// <summary>Words of a HAProxy server line; what ends a word, a line or a command there cannot be in it.</summary>
    private static string? Options(string text, out string value)
    {
        value = text;
        if (text.Length > 500 || !text.All(IsOption))
            return "is not a list of words of a HAProxy server line; allowed: A-Z a-z 0-9 . _ - : / , = @ ( ) % + and spaces";
        return text.Split(' ').FirstOrDefault(s_taken.ContainsKey) is { } word
            ? $"must not have the word {Shown.Quoted(word)}: {s_taken[word]}"
            : null;
    }

    /// <summary>
    /// No quote, no backslash, no $, # or ;, no line end: as it stands it is what HAProxy reads, in its file as on its socket.
    /// </summary>
    private static bool IsOption(char c) => Characters.IsName(c) || c is ' ' or ':' or '/' or ',' or '=' or '@' or '(' or ')' or '%' or '+';
}
