using System.CommandLine;
using Vordr.Containers;

namespace Vordr.Cli.Commands;

/// <summary><c>vordr rm</c>: a container and everything made for it.</summary>
internal static class Remove
{
    public static Command Create(Shell shell, Globals globals)
    {
        var names = Names.Containers();
        var force = new Option<bool>("--force", "-f") { Description = "Kill running ones first" };
        var command = new Command("rm", "Remove containers") { force, names };
        ExamplesHelp.Attach(command, "vordr rm web", "vordr rm -f $(vordr ps -aq)");
        return command.Does(
            shell,
            globals,
            invocation =>
                invocation.EachAsync(
                    invocation.Parse.GetRequiredValue(names),
                    async name =>
                    {
                        var remove = new RemoveRequest(invocation.Caller, name, invocation.Parse.GetValue(force));
                        await invocation.Engine.RemoveAsync(remove, invocation.Cancellation);
                        shell.Out.WriteLine(name);
                    }
                )
        );
    }
}
