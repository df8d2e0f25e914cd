using System.Text;
using System.Text.Json;
using Oci.Errors;

namespace Vordr.Runtimes;

/// <summary>Turns an OCI runtime's words into an error for people, with the exit code that fingers expect.</summary>
internal static class RuntimeFailure
{
    private const int LongestMessage = 1024;
    private const int NotExecutable = 126;
    private const int NotFound = 127;

    /// <summary>The error that <paramref name="text"/> tells of.</summary>
    /// <param name="what">What was being done, as "create the container".</param>
    /// <param name="text">What the runtime wrote.</param>
    public static PublicError Of(string what, string text)
    {
        var words = Clean(Messages(text));
        return ExecCode(words) switch
        {
            NotFound => new(
                ErrorId.RuntimeExec,
                $"Could not {what}: the command was not found in the container. The runtime said: {words}",
                "check the command and the image's PATH"
            )
            {
                ExitCode = NotFound,
            },
            NotExecutable => new(
                ErrorId.RuntimeExec,
                $"Could not {what}: the command can't be executed. The runtime said: {words}",
                "check that it is a file with the execute bit, made for this architecture"
            )
            {
                ExitCode = NotExecutable,
            },
            _ => new(
                ErrorId.Runtime,
                words.Length == 0
                    ? $"Could not {what}: the runtime gave no reason."
                    : $"Could not {what}. The runtime said: {words}",
                "vordr doctor"
            ),
        };
    }

    /// <summary>126 or 127 when the words say that the container's own program couldn't be executed, else null.</summary>
    private static int? ExecCode(string words)
    {
        // runc: `exec: "x": executable file not found in $PATH`, `exec: "/x": stat /x: no such file or directory`.
        // crun: `executable file `x` not found in $PATH`, `open executable: Permission denied`.
        var execution =
            words.Contains("exec: \"", StringComparison.Ordinal)
            || words.Contains("executable", StringComparison.Ordinal)
            || words.Contains("exec format error", StringComparison.OrdinalIgnoreCase);
        if (!execution)
            return null;
        if (
            words.Contains("not found in $PATH", StringComparison.Ordinal)
            || words.Contains("no such file or directory", StringComparison.OrdinalIgnoreCase)
        )
            return NotFound;
        return
            words.Contains("permission denied", StringComparison.OrdinalIgnoreCase)
            || words.Contains("operation not permitted", StringComparison.OrdinalIgnoreCase)
            || words.Contains("is a directory", StringComparison.OrdinalIgnoreCase)
            || words.Contains("exec format error", StringComparison.OrdinalIgnoreCase)
            ? NotExecutable
            : null;
    }

    /// <summary>The messages of a log in JSON lines (<c>--log-format json</c>); a line that isn't one stays as it is.</summary>
    internal static string Messages(string text) =>
        string.Join(
            "; ",
            text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Select(Message)
                .Distinct()
        );

    private static string Message(string line)
    {
        if (!line.StartsWith('{'))
            return line;
        try
        {
            using var entry = JsonDocument.Parse(line);
            return entry.RootElement.TryGetProperty("msg", out var message) && message.ValueKind == JsonValueKind.String
                ? message.GetString()!
                : line;
        }
        // Cut off by a full pipe buffer.
        catch (JsonException)
        {
            return line;
        }
    }

    // One line without control characters: a container names its own files, and they come back in these words.
    private static string Clean(string text)
    {
        var result = new StringBuilder(Math.Min(text.Length, LongestMessage));
        foreach (var character in text.Trim())
        {
            if (result.Length == LongestMessage)
                return result.Append('…').ToString();
            result.Append(char.IsControl(character) ? ' ' : character);
        }
        return result.ToString();
    }
}
