using Oci.Errors;

namespace CerroTorre.Packing;

/// <summary>
/// A file that appears whole or not at all: written beside its place under another name, flushed to disk, renamed.
/// Disposing without <see cref="CommitAsync"/> leaves what was there before.
/// </summary>
internal sealed class OutputFile : IAsyncDisposable
{
    private readonly string _path;
    private readonly string _temporary;
    private bool _committed;

    private OutputFile(string path, string temporary, FileStream stream)
    {
        _path = path;
        _temporary = temporary;
        Stream = stream;
    }

    /// <summary>What is written.</summary>
    public FileStream Stream { get; }

    /// <summary>Opens a file that will become <paramref name="path"/>.</summary>
    public static OutputFile Create(string path)
    {
        if (Directory.Exists(path))
            throw new PublicError(ErrorId.Usage, $"{path} is a directory; -o needs the name of a file");
        var full = Path.GetFullPath(path);
        var directory = Path.GetDirectoryName(full)!;
        if (!Directory.Exists(directory))
            throw new PublicError(ErrorId.NotFound, $"there is no directory {directory}");
        var temporary = Path.Combine(directory, $".{Path.GetFileName(full)}.{Path.GetRandomFileName()}");
        var stream = new FileStream(
            temporary,
            new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.ReadWrite,
                BufferSize = 0,
            }
        );
        return new OutputFile(full, temporary, stream);
    }

    /// <summary>Puts the file in its place.</summary>
    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        await Stream.FlushAsync(cancellationToken);
        Stream.Flush(flushToDisk: true);
        await Stream.DisposeAsync();
        cancellationToken.ThrowIfCancellationRequested();
        File.Move(_temporary, _path, overwrite: true);
        _committed = true;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Stream.DisposeAsync();
        if (!_committed)
            File.Delete(_temporary);
    }
}
