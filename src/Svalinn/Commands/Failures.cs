using Microsoft.AspNetCore.Connections;
using Microsoft.Data.Sqlite;
using Oci.Errors;

namespace Svalinn.Commands;

/// <summary>What failed, on stderr, for people; its exit code, for programs.</summary>
internal static class Failures
{
    /// <summary>Runs a command and tells what it throws.</summary>
    public static async Task<int> ReportAsync(Func<Task<int>> command)
    {
        try
        {
            return await command();
        }
        catch (PublicError error)
        {
            return await TellAsync(error.Id, error.Message, error.Suggestions);
        }
        catch (SqliteException exception)
        {
            return await TellAsync(ErrorId.State, $"The gateway's database: {exception.Message}", []);
        }
        catch (IOException exception) when (exception.InnerException is AddressInUseException)
        {
            return await TellAsync(ErrorId.Config, exception.Message, ["Give another address with --listen."]);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return await TellAsync(ErrorId.State, exception.Message, []);
        }
        catch (OperationCanceledException)
        {
            return 130;
        }
    }

    private static async Task<int> TellAsync(ErrorId id, string message, IReadOnlyList<string> suggestions)
    {
        await Console.Error.WriteLineAsync($"svalinn: {message} ({id.Name})");
        foreach (var suggestion in suggestions)
            await Console.Error.WriteLineAsync($"  → {suggestion}");
        return id.ExitCode;
    }
}
