using System.Net;
using System.Runtime.InteropServices;
using LbRunbook.Load;

// usage: lbctl-load ADDRESS [keepAlive=20] [downloads=5] [newPerSecond=200]
// Prints "ready" on stderr once every client is served, and a JSON report on stdout when TERM or INT comes and the downloads are over.
var address = IPAddress.Parse(args[0]);
int Argument(int index, int fallback) =>
    args.Length > index ? int.Parse(args[index], System.Globalization.CultureInfo.InvariantCulture) : fallback;
using var load = new Clients(new(address, 80), Argument(1, 20), Argument(2, 5), Argument(3, 200));
using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, c => { c.Cancel = true; load.Stop(); });
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, c => { c.Cancel = true; load.Stop(); });
Console.WriteLine(await load.RunAsync(() => Console.Error.WriteLine("ready")));
