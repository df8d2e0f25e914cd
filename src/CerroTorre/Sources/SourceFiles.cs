using Oci.Errors;

namespace CerroTorre.Sources;

/// <summary>Files of an image layout or archive, by their path inside of it.</summary>
internal abstract class SourceFiles : IAsyncDisposable
{
    /// <summary>Opens a file, or returns null when there is none.</summary>
    public abstract Stream? TryOpen(string path);

    /// <inheritdoc/>
    public virtual ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Opens a file that must be there.</summary>
    public Stream Open(string path, string what) =>
        TryOpen(path) ?? throw new FormatException($"{what} is missing ({Packages.ShownText.Of(path, 200)})");

    /// <summary>A small file's content.</summary>
    public async Task<byte[]> ReadAsync(string path, string what, int limit, CancellationToken cancellationToken)
    {
        await using var stream = Open(path, what);
        if (stream.Length > limit)
            throw new FormatException($"{what} has {stream.Length} bytes; {limit} is the limit");
        var content = new byte[(int)stream.Length];
        await stream.ReadExactlyAsync(content, cancellationToken);
        return content;
    }
}

/// <summary>Files in a directory.</summary>
internal sealed class DirectoryFiles(string directory) : SourceFiles
{
    public override Stream? TryOpen(string path)
    {
        try
        {
            return new FileStream(
                Path.Combine(directory, path),
                new FileStreamOptions { BufferSize = 0, Options = FileOptions.SequentialScan }
            );
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (UnauthorizedAccessException error)
        {
            throw new PublicError(ErrorId.Forbidden, $"{Packages.ShownText.Of(path, 300)} may not be read", error);
        }
    }
}
