using LbRunbook.Core.Model;

namespace LbRunbook.Core.Config;

/// <summary>Health checks; the type decides which keys there are.</summary>
internal static class CheckBinder
{
    private const string Types = "tcp, http, command";

    private static readonly FieldRule<string> Type = FieldRules.Choice(("tcp", "tcp"), ("http", "http"), ("command", "command"));

    private static readonly FieldRule<string> Method =
        FieldRules.Choice(("GET", "GET"), ("HEAD", "HEAD"), ("OPTIONS", "OPTIONS"), ("POST", "POST"));

    public static HealthCheck? Bind(Section owner, string key)
    {
        if (owner.Value(key) is not YamlMap map)
        {
            if (owner.Map(key, owner.Title, ConfigKeys.AnyCheck) is { } empty) empty.Require("type", Type, "", Types);
            return null;
        }
        var title = owner.Title.Length == 0 ? key : $"{owner.Title}, {key}";
        // Looked at first, without complaints: the second, typed look makes those.
        var type = map.Entries.FirstOrDefault(e => e.Key.Text == "type")?.Value is YamlScalar scalar ? scalar.Text : null;
        switch (type)
        {
            case "tcp":
                var tcp = new Section(map, $"{title} (tcp)", ConfigKeys.TcpCheck, owner.Problems);
                return new TcpCheck { Port = Port(tcp), Timeout = Timeout(tcp) };
            case "http":
                return Http(new Section(map, $"{title} (http)", ConfigKeys.HttpCheck, owner.Problems));
            case "command":
                var command = new Section(map, $"{title} (command)", ConfigKeys.CommandCheck, owner.Problems);
                if (!command.Has("command"))
                    command.Error(command.At,
                        "command is missing; allowed: [program, argument, …] with {host} and {port} in the arguments");
                return new CommandCheck
                {
                    Command = CommandBinder.Bind(command, "command") ?? [],
                    Port = Port(command),
                    Timeout = Timeout(command),
                };
            default:
                new Section(map, title, ConfigKeys.AnyCheck, owner.Problems).Require("type", Type, "", Types);
                return null;
        }
    }

    private static HttpCheck Http(Section check)
    {
        var defaults = new HttpCheck();
        return new HttpCheck
        {
            Port = Port(check),
            Timeout = Timeout(check),
            Method = check.Get("method", Method, defaults.Method),
            Path = check.Get("path", FieldRules.HttpPath, defaults.Path),
            Status = check.Get("status", FieldRules.Integer(100, 599), defaults.Status),
            Body = check.GetOrNull("body", FieldRules.Text),
            Host = check.GetOrNull("host", AddressRules.Host),
            Tls = check.Get("tls", FieldRules.Boolean, defaults.Tls),
        };
    }

    private static int? Port(Section check) => check.GetValueOrNull("port", FieldRules.Port);

    private static TimeSpan? Timeout(Section check) => check.GetValueOrNull("timeout", FieldRules.Timeout);
}
