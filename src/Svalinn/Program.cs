using System.CommandLine;
using Oci.Errors;
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
var parsed = root.Parse(args);
var exitCode = await Failures.ReportAsync(() => parsed.InvokeAsync(configuration));
return parsed.Errors.Count > 0 ? ErrorId.Usage.ExitCode : exitCode;
