using System.Text.Json.Serialization;

namespace LbRunbook.Lab;

/// <summary>Whether and how keepalived carries a lab's virtual IPs.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LabKeepalived>))]
internal enum LabKeepalived
{
    /// <summary>The addresses are put on the first node by hand.</summary>
    None,

    /// <summary>keepalived's own defaults: the better node takes its addresses back as soon as it can.</summary>
    Preempt,

    /// <summary>Whoever is master stays it.</summary>
    NoPreempt,

    /// <summary>As <see cref="Preempt"/>, with a tracked file that lowers the priority; the operator's login may write it.</summary>
    TrackFile,
}
