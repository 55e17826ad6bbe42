using LbRunbook.Core.Model;

namespace LbRunbook.Core.Config;

/// <summary><c>affinity:</c> of a pool.</summary>
internal static class AffinityBinder
{
    private static readonly FieldRule<int> Requests = FieldRules.Integer(2, 20);

    public static Affinity? Bind(Section pool, IReadOnlyList<VirtualIp> vips)
    {
        if (pool.Map("affinity", pool.Title.Length == 0 ? "affinity" : $"{pool.Title}, affinity", ConfigKeys.Affinity) is not { } section)
            return null;
        if (vips.Count == 0)
            section.Error(section.At, "needs a virtual IP under vips: through which the pool is reached");
        var defaults = new Affinity { ServedBy = "" };
        if (section.Has("cookie") == section.Has("source"))
            section.Error(section.At, "needs one of: cookie: NAME, source: true");
        if (section.Has("source") && !section.Get("source", FieldRules.Boolean, true))
            section.Error(section.ValueAt("source"), "source must be true; leave affinity: out when clients need not come back");
        return new Affinity
        {
            Cookie = section.GetOrNull("cookie", Token),
            ServedBy = section.Require("servedBy", Token, "", "the response header that names the backend, such as X-Backend"),
            Vip = section.GetOrNull("vip", KnownVip([.. vips.Select(v => v.Name)])),
            Path = section.Get("path", FieldRules.HttpPath, defaults.Path),
            Requests = section.Get("requests", Requests, defaults.Requests),
        };
    }

    /// <summary>A token of RFC 9110: it goes into a request as it is.</summary>
    private static string? Token(string text, out string value)
    {
        value = text;
        return text.Length is > 0 and <= 128
            && text.All(c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+.^_`|~-".Contains(c, StringComparison.Ordinal))
            ? null
            : "must be the name of a cookie or header: letters, digits and - _ .";
    }

    private static FieldRule<string> KnownVip(List<string> vips) => (string text, out string value) =>
    {
        value = text;
        return vips.Contains(text)
            ? null
            : "does not exist; allowed: "
                + $"{(vips.Count == 0 ? "no virtual IP is defined under vips:" : string.Join(", ", vips))}"
                + $"{FieldRules.DidYouMean(text, vips)}";
    };
}
