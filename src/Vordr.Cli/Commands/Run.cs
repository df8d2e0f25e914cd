using System.CommandLine;
using Vordr.Containers;

namespace Vordr.Cli.Commands;

/// <summary><c>vordr run</c>: create and start, in the foreground or detached.</summary>
internal static class Run
{
    public static Command Create(Shell shell, Globals globals)
    {
        var options = new ContainerOptionSet();
        var detach = new Option<bool>("--detach", "-d") { Description = "Run in the background and print the id" };
        var command = new Command("run", "Run a command in a new container") { detach };
        options.AddTo(command);
        ExamplesHelp.Attach(
            command,
            "vordr run --rm app.ctp                            load the bundle, run it, remove it",
            "vordr run -d --name web -p 8080:80 demo/web:1.0   in the background, published on port 8080",
            "vordr run --rm --network none --read-only --memory 64m demo/web:1.0 sh -c 'id; ls /'",
            "vordr run --ctp app.ctp echo hello"
        );
        return command.Does(
            shell,
            globals,
            async invocation =>
            {
                var request = await options.RequestAsync(invocation);
                return invocation.Parse.GetValue(detach)
                    ? await DetachedAsync(invocation, request)
                    : await ForegroundAsync(invocation, request);
            },
            containerCodes: _ => true
        );
    }

    private static async Task<int> DetachedAsync(Invocation invocation, CreateRequest request)
    {
        var result = await invocation.Engine.RunAsync(new RunRequest { Create = request }, invocation.Cancellation);
        CreatedContainer.Print(invocation, result.Container, result.Decision, result.Notes);
        return 0;
    }

    private static async Task<int> ForegroundAsync(Invocation invocation, CreateRequest request)
    {
        using var signals = new SignalForwarding(invocation.Engine, invocation.Caller, CancellationToken.None);
        await using var streams = new ForegroundStreams(invocation.Shell, request.Options.Interactive);
        var result = await invocation.Engine.RunAsync(
            new RunRequest { Create = request, Streams = streams.For(signals.Started) },
            signals.Cancellation
        );
        CreatedContainer.PrintNotes(invocation.Shell, result.Notes);
        return result.ExitCode ?? 0;
    }
}
