using System.CommandLine;
using System.Runtime.InteropServices;

namespace Vordr.Cli;

/// <summary>A command's parsed words, the engine they are for, and the token that an interrupt cancels.</summary>
internal sealed record Invocation(
    Shell Shell,
    ParseResult Parse,
    Engine Engine,
    bool Json,
    CancellationToken Cancellation
)
{
    /// <summary>On whose behalf: whoever sits at the command line.</summary>
    public Caller Caller { get; } = Caller.CommandLine;
}

/// <summary>Gives commands their action: guarded, with an engine opened for it and closed after it.</summary>
internal static class EngineAction
{
    private static readonly PosixSignal[] Ending = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP];

    /// <summary>
    /// <paramref name="work"/> becomes the command's action. Where <paramref name="containerCodes"/> says so, exit codes
    /// below 125 are a container's.
    /// </summary>
    public static Command Does(
        this Command command,
        Shell shell,
        Globals globals,
        Func<Invocation, Task<int>> work,
        Func<ParseResult, bool>? containerCodes = null
    )
    {
        command.SetAction(parse =>
            Failure.GuardAsync(
                shell,
                globals.Json(parse),
                containerCodes?.Invoke(parse) ?? false,
                () => WorkAsync(shell, globals, parse, work)
            )
        );
        return command;
    }

    /// <summary>Works on one name after the other; goes on after a failure, and returns the last failure's code.</summary>
    public static async Task<int> EachAsync(this Invocation invocation, string[] names, Func<string, Task> work)
    {
        var code = 0;
        foreach (var name in names)
        {
            try
            {
                await work(name);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                code = Failure.Report(invocation.Shell, invocation.Json, containerCodes: false, e);
            }
        }
        return code;
    }

    private static async Task<int> WorkAsync(
        Shell shell,
        Globals globals,
        ParseResult parse,
        Func<Invocation, Task<int>> work
    )
    {
        using var interrupted = new CancellationTokenSource();
        var registrations = Ending
            .Select(signal => PosixSignalRegistration.Create(signal, context => Cancel(context, interrupted)))
            .ToList();
        try
        {
            await using var engine = shell.Open(globals.Instance(parse, shell));
            return await work(new Invocation(shell, parse, engine, globals.Json(parse), interrupted.Token));
        }
        finally
        {
            foreach (var registration in registrations)
                registration.Dispose();
        }
    }

    private static void Cancel(PosixSignalContext context, CancellationTokenSource interrupted)
    {
        context.Cancel = true;
        interrupted.Cancel();
    }
}
