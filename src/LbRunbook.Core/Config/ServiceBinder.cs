using LbRunbook.Core.Model;
using LbRunbook.Core.Text;

namespace LbRunbook.Core.Config;

/// <summary><c>service:</c> of a node or a backend.</summary>
internal static class ServiceBinder
{
    public static ServiceOptions Bind(Section owner)
    {
        if (owner.Map("service", $"{owner.Title}, service", ConfigKeys.Service) is not { } service) return new ServiceOptions();
        var (start, stop, status) = (service.Has("start"), service.Has("stop"), service.Has("status"));
        if ((start || stop || status) && !(start && stop && status))
            service.Error(service.At, "start, stop and status belong together: with one of them systemd is not asked any more");
        return new ServiceOptions
        {
            Name = service.GetOrNull("name", Unit),
            Start = CommandBinder.Bind(service, "start"),
            Stop = CommandBinder.Bind(service, "stop"),
            Reload = CommandBinder.Bind(service, "reload"),
            Restart = CommandBinder.Bind(service, "restart"),
            Status = CommandBinder.Bind(service, "status"),
        };
    }

    /// <summary>A systemd unit, also of a template: <c>app@blue.service</c>.</summary>
    public static string? Unit(string text, out string value)
    {
        value = text;
        return text.Length is > 0 and <= 255 && char.IsAsciiLetterOrDigit(text[0])
            && text.All(c => Characters.IsName(c) || c is '@' or ':' or '\\')
            ? null
            : "is not a service name; allowed: A-Z a-z 0-9 . _ - @ : beginning with a letter or a digit";
    }
}
