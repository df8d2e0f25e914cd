using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using CerroTorre.Cli.Commands;
using Oci.Errors;
using Trust.Verdicts;

namespace CerroTorre.Cli.Hosting;

/// <summary>The program: parse, run one verb, give its failure a face and an exit code.</summary>
internal static class CtProgram
{
    /// <summary>Runs <c>ct</c> with these arguments.</summary>
    public static async Task<int> RunAsync(
        string[] arguments,
        CtHost host,
        CancellationToken cancellationToken = default
    )
    {
        var root = CtCommands.Root(host);
        var parsed = root.Parse(arguments);
        var asJson = parsed.GetValue(CtCommands.Json);
        if (parsed.Errors.Count > 0 && parsed.Action is not System.CommandLine.Help.HelpAction and not ExamplesHelp)
            return ErrorText.Write(host, asJson, UsageOf(parsed));
        var configuration = new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            Output = host.Out,
            Error = host.Error,
        };
        try
        {
            return await parsed.InvokeAsync(configuration, cancellationToken);
        }
        catch (PublicError error)
        {
            return ErrorText.Write(host, asJson, error);
        }
        catch (OperationCanceledException)
        {
            return ExitCodes.Interrupted;
        }
        catch (Exception error) when (IsFileFault(error, out var message))
        {
            ErrorText.Write(host, asJson, new PublicError(ErrorId.State, message, error));
            return VerdictCode.InputOutput;
        }
    }

    // Messages of the framework's file errors name the path and the reason, and nothing that isn't the user's own.
    private static bool IsFileFault(Exception error, [NotNullWhen(true)] out string? message)
    {
        message = error is IOException or UnauthorizedAccessException ? error.Message : null;
        return message is not null;
    }

    private static PublicError UsageOf(ParseResult parsed)
    {
        var path = new List<string>();
        for (
            Symbol? symbol = parsed.CommandResult.Command;
            symbol is not null;
            symbol = symbol.Parents.FirstOrDefault()
        )
            path.Insert(0, symbol is RootCommand ? "ct" : symbol.Name);
        return new PublicError(
            ErrorId.Usage,
            string.Join("; ", parsed.Errors.Select(error => error.Message.TrimEnd('.'))),
            $"{string.Join(' ', path)} --help"
        );
    }
}
