using System.Collections;
using Vordr.Linux;

namespace Vordr.Processes;

/// <summary>
/// Becoming another program: execve(2). The pid stays, so whoever started us still holds, signals and waits for the
/// right process. Public since one program of this stack hands over to another.
/// </summary>
public static class ProgramImage
{
    /// <summary>Replaces this process by the program at <paramref name="path"/>, environment kept; returns only by throwing.</summary>
    /// <param name="path">Absolute path of the program.</param>
    /// <param name="arguments">Its arguments, without its name.</param>
    /// <exception cref="IOException">There is no such program, or it can't be executed.</exception>
    public static void Become(string path, IReadOnlyList<string> arguments) =>
        Spawn.Replace(
            path,
            [path, .. arguments],
            [
                .. Environment
                    .GetEnvironmentVariables()
                    .Cast<DictionaryEntry>()
                    .Select(variable => $"{variable.Key}={variable.Value}"),
            ]
        );
}
