using LbRunbook.Cli;
using LbRunbook.Cli.Output;

return await CliMain.RunAsync(args, Streams.OfProcess(), TimeProvider.System);
