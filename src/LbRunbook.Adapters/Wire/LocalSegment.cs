using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace LbRunbook.Adapters.Wire;

/// <summary>Asks the wire from this machine, with raw frames.</summary>
internal static class LocalSegment
{
    /// <returns>Distinct MACs; null = this machine may not send raw frames there.</returns>
    public static Task<IReadOnlyList<string>?> AskAsync(string interfaceName, IPAddress target, CancellationToken cancellation) =>
        // poll(2) blocks: a thread of its own, so that the pool stays free for everybody else's looks.
        Task.Factory.StartNew<IReadOnlyList<string>?>(() => Ask(interfaceName, target, cancellation), cancellation,
            TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static List<string>? Ask(string interfaceName, IPAddress target, CancellationToken cancellation)
    {
        try
        {
            if (LocalCard.Find(interfaceName) is not { } card)
                return null;
            var v6 = target.AddressFamily == AddressFamily.InterNetworkV6;
            using var wire = new PacketSocket(card.Index, v6 ? NeighbourFrame.EtherType : ArpFrame.EtherType);
            var question = v6 ? NeighbourFrame.Question(card.Mac, card.LinkLocal, target) : ArpFrame.Question(card.Mac, target);
            return Listen(wire, question, card.Mac, target, v6, cancellation);
        }
        catch (Exception e) when (e is Win32Exception or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static List<string> Listen(
        PacketSocket wire, byte[] question, byte[] mac, IPAddress target, bool v6, CancellationToken cancellation)
    {
        var seen = new List<string>();
        var buffer = new byte[2048];
        var clock = Stopwatch.StartNew();
        var end = WireTiming.Window;
        var sent = 0;
        while (clock.Elapsed < end && !cancellation.IsCancellationRequested)
        {
            if (sent < WireTiming.Questions && clock.Elapsed >= sent * WireTiming.Window / 4)
            {
                wire.Send(question);
                sent++;
            }
            var count = wire.Receive(buffer, TimeSpan.FromMilliseconds(10));
            var who = v6 ? NeighbourFrame.Answerer(buffer.AsSpan(0, count), target) : ArpFrame.Answerer(buffer.AsSpan(0, count), target);
            if (who is null || who.AsSpan().SequenceEqual(mac))
                continue;
            var text = string.Join(':', who.Select(b => b.ToString("x2")));
            if (seen.Contains(text))
                continue;
            seen.Add(text);
            var soon = clock.Elapsed + WireTiming.AfterAnswer;
            end = soon < end ? soon : end;
        }
        return seen;
    }
}
