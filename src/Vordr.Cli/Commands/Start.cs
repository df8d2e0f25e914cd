using System.CommandLine;
using Oci.Errors;
using Vordr.Containers;

namespace Vordr.Cli.Commands;

/// <summary><c>vordr start</c>: a verdict again, then the process.</summary>
internal static class Start
{
    public static Command Create(Shell shell, Globals globals)
    {
        var names = Names.Containers();
        var attach = new Option<bool>("--attach", "-a") { Description = "Stay in the foreground, with its output" };
        var interactive = new Option<bool>("--interactive", "-i") { Description = "With -a: hand in standard input" };
        var command = new Command("start", "Start containers that are created or have exited")
        {
            attach,
            interactive,
            names,
        };
        ExamplesHelp.Attach(command, "vordr start web", "vordr start -a job");
        return command.Does(
            shell,
            globals,
            invocation =>
                invocation.Parse.GetValue(attach)
                    ? AttachedAsync(invocation, invocation.Parse.GetRequiredValue(names), interactive)
                    : DetachedAsync(invocation, invocation.Parse.GetRequiredValue(names)),
            containerCodes: parse => parse.GetValue(attach)
        );
    }

    private static Task<int> DetachedAsync(Invocation invocation, string[] names) =>
        invocation.EachAsync(
            names,
            async name =>
            {
                await invocation.Engine.StartAsync(new StartRequest(invocation.Caller, name), invocation.Cancellation);
                invocation.Shell.Out.WriteLine(name);
            }
        );

    private static async Task<int> AttachedAsync(Invocation invocation, string[] names, Option<bool> interactive)
    {
        if (names.Length != 1)
            throw new PublicError(ErrorId.Usage, "Only one container can be attached to.");
        using var signals = new SignalForwarding(invocation.Engine, invocation.Caller, CancellationToken.None);
        await using var streams = new ForegroundStreams(invocation.Shell, invocation.Parse.GetValue(interactive));
        var request = new StartRequest(invocation.Caller, names[0]) { Streams = streams.For(signals.Started) };
        var result = await invocation.Engine.StartAsync(request, signals.Cancellation);
        return result.ExitCode ?? 0;
    }
}
