using System.Formats.Tar;
using CerroTorre.Layers;
using Microsoft.Win32.SafeHandles;

namespace CerroTorre.Sources;

/// <summary>
/// Files in a tar archive, read in place. The archive is indexed once; a compressed one is expanded beside first. The
/// last entry of a name counts, and a link counts as what it links to inside of the archive.
/// </summary>
internal sealed class ArchiveFiles : SourceFiles
{
    private const int MaxEntries = 100_000;
    private const int MaxLinks = 8;

    private readonly SafeFileHandle _file;
    private readonly Dictionary<string, Slice> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _links = new(StringComparer.Ordinal);

    private ArchiveFiles(SafeFileHandle file) => _file = file;

    public static async Task<ArchiveFiles> OpenAsync(
        string path,
        SourceOptions options,
        CancellationToken cancellationToken
    )
    {
        var plain = await ExpandAsync(path, options, cancellationToken);
        var archive = new ArchiveFiles(File.OpenHandle(plain));
        try
        {
            await archive.IndexAsync(plain, cancellationToken);
            return archive;
        }
        catch
        {
            await archive.DisposeAsync();
            throw;
        }
    }

    public override Stream? TryOpen(string path)
    {
        for (var i = 0; i <= MaxLinks; i++)
        {
            if (_files.TryGetValue(path, out var slice))
                return new FileSlice(_file, slice.Offset, slice.Length);
            if (!_links.TryGetValue(path, out path!))
                return null;
        }
        return null;
    }

    public override ValueTask DisposeAsync()
    {
        _file.Dispose();
        return base.DisposeAsync();
    }

    private async Task IndexAsync(string path, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(path);
        await using var reader = new TarReader(file);
        var entries = 0;
        while (await reader.GetNextEntryAsync(copyData: false, cancellationToken) is { } entry)
        {
            if (++entries > MaxEntries)
                throw new FormatException($"the archive has more than {MaxEntries} entries");
            var name = Normalise(entry.Name);
            switch (entry.EntryType)
            {
                case TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile:
                    _links.Remove(name);
                    _files[name] = new Slice(entry.DataOffset, entry.Length);
                    break;
                case TarEntryType.SymbolicLink:
                    _files.Remove(name);
                    _links[name] = Normalise(Path.Combine(Path.GetDirectoryName(name) ?? "", entry.LinkName));
                    break;
                case TarEntryType.HardLink:
                    _files.Remove(name);
                    _links[name] = Normalise(entry.LinkName);
                    break;
                default:
                    break;
            }
        }
    }

    private static async Task<string> ExpandAsync(
        string path,
        SourceOptions options,
        CancellationToken cancellationToken
    )
    {
        await using var file = new FileStream(path, new FileStreamOptions { Options = FileOptions.SequentialScan });
        var compression = await LayerStreams.DetectAsync(file, cancellationToken);
        if (compression == Oci.LayerCompression.None)
            return path;
        var plain = Path.Combine(options.WorkDirectory, "archive.tar");
        await using var expanded = LayerStreams.Decompress(file, compression);
        await using var output = File.Create(plain);
        await expanded.CopyToAsync(output, cancellationToken);
        return plain;
    }

    // "./a//b/../c" → "a/c"; what would leave the archive can't be found in it.
    private static string Normalise(string name)
    {
        var parts = new List<string>();
        foreach (var part in name.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == ".")
                continue;
            if (part != "..")
                parts.Add(part);
            else if (parts.Count > 0)
                parts.RemoveAt(parts.Count - 1);
        }
        return string.Join('/', parts);
    }

    private readonly record struct Slice(long Offset, long Length);
}
