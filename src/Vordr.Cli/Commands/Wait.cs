using System.CommandLine;
using Vordr.Containers;

namespace Vordr.Cli.Commands;

/// <summary><c>vordr wait</c>: the exit codes, as they come.</summary>
internal static class Wait
{
    public static Command Create(Shell shell, Globals globals)
    {
        var names = Names.Containers();
        var command = new Command("wait", "Wait until containers have exited, and print their exit codes") { names };
        ExamplesHelp.Attach(command, "vordr wait job");
        return command.Does(
            shell,
            globals,
            invocation =>
                invocation.EachAsync(
                    invocation.Parse.GetRequiredValue(names),
                    async name =>
                    {
                        var wait = new WaitRequest(invocation.Caller, name);
                        var end = await invocation.Engine.WaitAsync(wait, invocation.Cancellation);
                        shell.Out.WriteLine(end.ExitCode);
                    }
                )
        );
    }
}
