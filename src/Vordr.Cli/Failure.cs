using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Oci.Errors;
using Trust.Verdicts;
using Vordr.Client.Binding;
using Vordr.Client.Errors;

namespace Vordr.Cli;

/// <summary>How a command fails: the message on standard error, and an exit code that scripts can tell apart.</summary>
internal static class Failure
{
    /// <summary>Docker's code for "the engine failed, not the container".</summary>
    public const int EngineFailed = 125;

    private const int Interrupted = 130;

    /// <summary>
    /// Does <paramref name="work"/> and turns what it throws into a message and an exit code. Of a
    /// <paramref name="containerCodes"/> command, codes below 125 belong to the container.
    /// </summary>
    public static async Task<int> GuardAsync(Shell shell, bool json, bool containerCodes, Func<Task<int>> work)
    {
        try
        {
            return await work();
        }
        catch (OperationCanceledException)
        {
            return Interrupted;
        }
        catch (Exception e)
        {
            return Report(shell, json, containerCodes, e);
        }
    }

    /// <summary>Writes the message, and returns the exit code.</summary>
    public static int Report(Shell shell, bool json, bool containerCodes, Exception error)
    {
        var traceId = error is PublicError ? null : ActivityTraceId.CreateRandom().ToHexString();
        var known = error switch
        {
            PublicError its => its,
            UnauthorizedAccessException => new PublicError(
                ErrorId.State,
                $"The state can't be used as this user: {error.Message}",
                error,
                "run vordr as root"
            ),
            _ => null,
        };
        var told = ErrorObject.From(known ?? error, traceId);
        if (json)
            shell.Error.WriteLine(JsonSerializer.Serialize(told, WireJson.Default.ErrorObject));
        else
            Write(shell.Error, told);
        if (known is null)
            shell.Error.WriteLine(error);
        shell.Error.Flush();
        return ExitCode(known, containerCodes);
    }

    private static int ExitCode(PublicError? error, bool containerCodes) =>
        containerCodes ? error?.ExitCode ?? EngineFailed : error?.Id.ExitCode ?? ErrorId.Internal.ExitCode;

    private static void Write(TextWriter output, ErrorObject error)
    {
        output.WriteLine($"vordr: {error.Detail}");
        if (error.Verdict is { ValueKind: JsonValueKind.Object } verdict)
        {
            var text = VerdictText.RenderChecks(Verdict.Parse(Encoding.UTF8.GetBytes(verdict.GetRawText())));
            output.WriteLine();
            output.WriteLine(text.TrimEnd('\n'));
        }
        if (error.Suggestions.Count > 0)
            output.WriteLine();
        foreach (var suggestion in error.Suggestions)
            output.WriteLine($"  → {suggestion}");
    }
}
