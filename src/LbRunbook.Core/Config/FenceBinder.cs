using LbRunbook.Core.Model;

namespace LbRunbook.Core.Config;

/// <summary><c>fence:</c> of a node: one method, or several in the order in which they are tried.</summary>
internal static class FenceBinder
{
    private const string Kinds = "address, command, ec2";
    private static readonly FieldRule<TimeSpan> Timeout = FieldRules.Duration(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10));

    public static IReadOnlyList<FenceMethod> Bind(Section node) => node.Value("fence") switch
    {
        YamlMap => One(node.Map("fence", $"{node.Title}, fence", ConfigKeys.Fence)) is { } method ? [method] : [],
        _ => [.. Items.Of(node, "fence", "fence", ConfigKeys.Fence).Select(One).OfType<FenceMethod>()],
    };

    private static FenceMethod? One(Section? fence)
    {
        if (fence is null)
            return null;
        FenceMethod? method = null;
        // Every key is read, whatever else is wrong: all mistakes at once.
        if (fence.GetOrNull("address", AddressRules.Host) is { } address)
            method = new AddressFence(address);
        if (CommandBinder.Bind(fence, "command") is { } command)
            method = new CommandFence(command);
        if (fence.Map("ec2", $"{fence.Title}, ec2", ConfigKeys.Ec2) is { } ec2)
            method = new Ec2Fence(ec2.Require("instance", Instance, ""), ec2.GetOrNull("region", Region));
        var timeout = fence.Get("timeout", Timeout, TimeSpan.FromSeconds(30));
        var confirm = CommandBinder.Bind(fence, "confirm");

        var kinds = ((string[])["address", "command", "ec2"]).Where(fence.Has).ToList();
        if (kinds.Count != 1)
            fence.Error(fence.At,
                kinds.Count == 0
                    ? $"no way to fence; one of: {Kinds}"
                    : $"{string.Join(" and ", kinds)}: one entry is one way; write a list, they are tried in its order");
        return method is null ? null : method with { Timeout = timeout, Confirm = confirm };
    }

    private static string? Instance(string text, out string value)
    {
        value = text;
        return text.StartsWith("i-", StringComparison.Ordinal) && text.Length is >= 10 and <= 19 && text[2..].All(char.IsAsciiHexDigitLower)
            ? null
            : "must be an instance id, such as i-0123456789abcdef0";
    }

    private static string? Region(string text, out string value)
    {
        value = text;
        return text.Length is > 0 and <= 32 && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')
            && char.IsAsciiLetterLower(text[0])
            ? null
            : "must be a region, such as eu-west-1";
    }
}
