using System.CommandLine;
using Svalinn.Commands;

var root = new RootCommand("Svalinn, the gateway of the verified container stack.")
{
    Serve.Command(),
    Key.Command(),
    VersionCommand.Command(),
};

// Signals are the host's: it ends what is under way, where the parser would end the process.
var configuration = new InvocationConfiguration
{
    EnableDefaultExceptionHandler = false,
    ProcessTerminationTimeout = null,
};
return await Failures.ReportAsync(() => root.Parse(args).InvokeAsync(configuration));
