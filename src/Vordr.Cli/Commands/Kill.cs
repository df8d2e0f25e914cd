using System.CommandLine;
using Vordr.Containers;

namespace Vordr.Cli.Commands;

/// <summary><c>vordr kill</c>: one signal.</summary>
internal static class Kill
{
    public static Command Create(Shell shell, Globals globals)
    {
        var names = Names.Containers();
        var signal = new Option<string>("--signal", "-s")
        {
            Description = "Name or number of the signal",
            DefaultValueFactory = _ => "KILL",
        };
        var command = new Command("kill", "Send a signal to running containers") { signal, names };
        ExamplesHelp.Attach(command, "vordr kill web", "vordr kill -s HUP web");
        return command.Does(
            shell,
            globals,
            invocation =>
                invocation.EachAsync(
                    invocation.Parse.GetRequiredValue(names),
                    async name =>
                    {
                        var kill = new KillRequest(invocation.Caller, name, invocation.Parse.GetRequiredValue(signal));
                        await invocation.Engine.KillAsync(kill, invocation.Cancellation);
                        shell.Out.WriteLine(name);
                    }
                )
        );
    }
}
