using Oci.Errors;
using Trust.Policies;
using Vordr.Bundles;
using Vordr.Cli.Output;

namespace Vordr.Cli.Commands;

/// <summary>A bundle file at the command line; <c>-</c> is standard input.</summary>
internal static class BundleFile
{
    private const string StandardInput = "-";
    private const string Placeholder = "BUNDLE";

    /// <summary>Judges and stores it, with progress for who looks.</summary>
    public static async Task<LoadResult> LoadAsync(Invocation invocation, string path, Policy? policy)
    {
        await using var content = Open(invocation.Shell, path);
        try
        {
            return await invocation.Engine.LoadAsync(
                new LoadRequest(invocation.Caller, content) { Narrowing = policy },
                invocation.Cancellation
            );
        }
        catch (PublicError e) when (e.Verdict is not null && path != StandardInput)
        {
            // The verdict doesn't know what the reader calls the bundle; here we do, and what it suggests can be pasted.
            throw new PublicError(
                e.Id,
                e.Message,
                e,
                [.. e.Suggestions.Select(text => text.Replace(Placeholder, path, StringComparison.Ordinal))]
            )
            {
                Verdict = e.Verdict,
                Pointer = e.Pointer,
                ExitCode = e.ExitCode,
            };
        }
    }

    /// <summary>Its bytes, from the start.</summary>
    /// <exception cref="PublicError">There is no such file.</exception>
    public static Stream Open(Shell shell, string path)
    {
        if (path == StandardInput)
            return shell.OpenInput();
        try
        {
            var file = new FileStream(
                path,
                FileMode.Open,
                FileAccess.Read,
                FileShare.Read,
                bufferSize: 0,
                useAsync: false
            );
            return shell.ErrorIsTerminal ? new ProgressStream(file, Path.GetFileName(path), shell) : file;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new PublicError(ErrorId.NotFound, $"There is no file {path}.", e);
        }
    }
}
