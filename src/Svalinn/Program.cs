using System.CommandLine;
using Svalinn.Commands;

var root = new RootCommand("Svalinn, the gateway of the verified container stack.")
{
    Serve.Command(),
    Key.Command(),
    VersionCommand.Command(),
};
return await Failures.ReportAsync(() => root.Parse(args).InvokeAsync(new() { EnableDefaultExceptionHandler = false }));
