using System.Globalization;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;

namespace LbRunbook.Core.Diagnosis.Rules;

internal static class CertificateRule
{
    public static IEnumerable<Finding> Apply(Situation situation)
    {
        foreach (var (node, seen) in situation.Nodes)
            foreach (var certificate in seen.Certificates)
                if (Of(situation, certificate, $"{node.Name}:{certificate.Path}", $"{certificate.Path} on {node.Name}",
                    SshText.AsRoot(node, $"openssl x509 -noout -dates -in {certificate.Path}")) is { } finding)
                    yield return finding;
        foreach (var vip in situation.Fleet.Vips)
            if (situation.Of(vip)?.Certificate is { } shown
                && Of(situation, shown, vip.Name, $"{shown.Subject} shown by {vip.Address}",
                    $"openssl s_client -connect {Endpoint(vip)}") is { } finding)
                yield return finding;
    }

    private static Finding? Of(Situation situation, CertificateState certificate, string subject, string what, string next)
    {
        var left = certificate.NotAfter - situation.Seen.TakenAt;
        var limit = situation.Fleet.Thresholds.CertificateExpiry;
        if (left > limit)
            return null;
        var date = certificate.NotAfter.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        return left <= TimeSpan.Zero
            ? new(DiagnosisCode.CertificateExpiring, Severity.Critical, subject, $"certificate {what} ended on {date} UTC", next)
            : new(DiagnosisCode.CertificateExpiring, Severity.Warning, subject,
                $"certificate {what} ends in {left.TotalDays:0.0} days, on {date} UTC (limit {limit.TotalDays:0} days)", next);
    }

    private static string Endpoint(VirtualIp vip) =>
        $"{(vip.IsIPv6 ? $"[{vip.Address}]" : $"{vip.Address}")}:{vip.Port}";
}
