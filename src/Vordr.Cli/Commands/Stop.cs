using System.CommandLine;
using Vordr.Containers;

namespace Vordr.Cli.Commands;

/// <summary><c>vordr stop</c>: the stop signal, then the kill.</summary>
internal static class Stop
{
    public static Command Create(Shell shell, Globals globals)
    {
        var names = Names.Containers();
        var time = new Option<int?>("--time", "-t")
        {
            Description = "Seconds before the kill [default: 10]",
            HelpName = "SECONDS",
        };
        var command = new Command("stop", "Stop running containers") { time, names };
        ExamplesHelp.Attach(command, "vordr stop web", "vordr stop -t 1 web db");
        return command.Does(
            shell,
            globals,
            invocation =>
                invocation.EachAsync(
                    invocation.Parse.GetRequiredValue(names),
                    async name =>
                    {
                        TimeSpan? timeout = invocation.Parse.GetValue(time) is { } seconds
                            ? TimeSpan.FromSeconds(Math.Max(0, seconds))
                            : null;
                        var stop = new StopRequest(invocation.Caller, name, timeout);
                        await invocation.Engine.StopAsync(stop, invocation.Cancellation);
                        shell.Out.WriteLine(name);
                    }
                )
        );
    }
}
