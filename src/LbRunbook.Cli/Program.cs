using LbRunbook.Cli;
using LbRunbook.Cli.Output;

var context = new CliContext(Streams.OfProcess(), TimeProvider.System);
return await CommandLine.Build(context).Parse(args).InvokeAsync();
