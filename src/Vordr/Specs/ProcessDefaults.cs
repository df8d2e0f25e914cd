using Oci.Errors;
using Oci.Image;

namespace Vordr.Specs;

/// <summary>Command and environment of a process, from the image and from what was asked for, as Docker joins them.</summary>
internal static class ProcessDefaults
{
    private const string SearchPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <summary>
    /// What is executed: entry point, then command. An entry point that was asked for drops the image's command; a
    /// command that was asked for takes its place.
    /// </summary>
    public static IReadOnlyList<string> Command(
        ExecutionConfig? image,
        IReadOnlyList<string>? entrypoint,
        IReadOnlyList<string>? command
    )
    {
        // An entry point of one empty string is how Docker says "none".
        var start = entrypoint is [""] ? [] : entrypoint ?? image?.Entrypoint ?? [];
        var rest = command ?? (entrypoint is null ? image?.Cmd : null) ?? [];
        IReadOnlyList<string> all = [.. start, .. rest];
        if (all.Count == 0 || all[0].Length == 0)
            throw new PublicError(
                ErrorId.Usage,
                "There is nothing to run: the image names no command, and none was given.",
                "give a command after the image"
            );
        return Checked(all, "command");
    }

    /// <summary>
    /// The environment, each name once, what was asked for over the image's, with a search path and a home for programs
    /// that count on them.
    /// </summary>
    public static IReadOnlyList<string> Environment(
        IEnumerable<string> image,
        IEnumerable<string> asked,
        string home,
        string? hostname,
        bool terminal
    )
    {
        var result = new List<string>();
        Set(result, SearchPath);
        if (hostname is not null)
            Set(result, $"HOSTNAME={hostname}");
        if (terminal)
            Set(result, "TERM=xterm");
        Set(result, $"HOME={home}");
        // What an image says is not refused for a missing value: a name alone means nothing.
        foreach (var variable in image.Where(variable => variable.IndexOf('=', StringComparison.Ordinal) > 0))
            Set(result, variable);
        foreach (var variable in asked)
        {
            if (variable.IndexOf('=', StringComparison.Ordinal) <= 0)
                throw new PublicError(ErrorId.Usage, $"'{variable}' is not NAME=value.");
            Set(result, variable);
        }
        return Checked(result, "environment");
    }

    private static void Set(List<string> variables, string variable)
    {
        var name = variable.AsSpan(0, variable.IndexOf('=', StringComparison.Ordinal) + 1).ToString();
        variables.RemoveAll(other => other.StartsWith(name, StringComparison.Ordinal));
        variables.Add(variable);
    }

    // execve(2) ends a string at NUL: what was judged must be what runs.
    private static IReadOnlyList<string> Checked(IReadOnlyList<string> strings, string what) =>
        strings.Any(text => text.Contains('\0', StringComparison.Ordinal))
            ? throw new PublicError(ErrorId.Usage, $"The {what} holds a NUL character.")
            : strings;
}
