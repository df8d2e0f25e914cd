using System.Formats.Tar;

namespace CerroTorre.Layers;

/// <summary>
/// A few files of an image, followed through its layers as overlayfs would show them: whiteouts and opaque directories
/// (OCI image-spec, "Layers") delete what lower layers have, whatever their place in the layer; a file in the place of
/// a directory hides what was below it.
/// </summary>
/// <param name="wanted">The files, or with a <c>/</c> at the end the directories of files, to follow.</param>
internal sealed class TrackedFiles(IReadOnlyList<string> wanted)
{
    private const int MaxFile = 128 * 1024 * 1024;
    private const int MaxFiles = 100_000;
    private const string Whiteout = ".wh.";
    private const string Opaque = ".wh..wh..opq";

    private readonly SortedDictionary<string, byte[]> _files = new(StringComparer.Ordinal);

    /// <summary>The files as the layers applied so far leave them, by path without a leading <c>/</c>.</summary>
    public IReadOnlyDictionary<string, byte[]> Files => _files;

    /// <summary>Applies the layer whose plain tar this is; reads it to its end of archive.</summary>
    public async Task ApplyAsync(Stream tar, CancellationToken cancellationToken)
    {
        var added = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        var hidden = new List<string>();
        await using var reader = new TarReader(tar, leaveOpen: true);
        while (await reader.GetNextEntryAsync(copyData: false, cancellationToken) is { } entry)
        {
            var path = Normalise(entry.Name);
            var name = Path.GetFileName(path);
            var directory = path[..^name.Length];
            if (name == Opaque)
                hidden.Add(directory);
            else if (name.StartsWith(Whiteout, StringComparison.Ordinal))
                hidden.Add(directory + name[Whiteout.Length..]);
            else
                await AddAsync(entry, path, added, hidden, cancellationToken);
        }

        // Deletions concern lower layers only, so they come first.
        foreach (var path in hidden)
            Hide(path);
        foreach (var (path, content) in added)
            _files[path] = content;
        if (_files.Count > MaxFiles)
            throw new FormatException($"the image has more than {MaxFiles} package records");
    }

    private async Task AddAsync(
        TarEntry entry,
        string path,
        Dictionary<string, byte[]> added,
        List<string> hidden,
        CancellationToken cancellationToken
    )
    {
        if (!Concerns(path))
            return;
        added.Remove(path);
        if (entry.EntryType == TarEntryType.Directory)
        {
            // A directory is merged with the one below; a file below of that name is gone.
            if (_files.ContainsKey(path))
                hidden.Add(path);
            return;
        }
        hidden.Add(path);
        if (entry.EntryType == TarEntryType.HardLink)
        {
            var target = Normalise(entry.LinkName);
            if (added.TryGetValue(target, out var linked) || _files.TryGetValue(target, out linked))
                added[path] = linked;
        }
        else if (
            entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile
        )
        {
            added[path] = await ReadAsync(entry, path, cancellationToken);
        }
    }

    // Wanted itself, inside of a wanted directory, or a directory above one.
    private bool Concerns(string path) =>
        wanted.Any(want =>
            want == path
            || (want.EndsWith('/') && path.StartsWith(want, StringComparison.Ordinal))
            || want.StartsWith(path + "/", StringComparison.Ordinal)
        );

    private void Hide(string path)
    {
        var below = path.EndsWith('/') || path.Length == 0 ? path : path + "/";
        foreach (
            var file in _files.Keys.Where(f => f == path || f.StartsWith(below, StringComparison.Ordinal)).ToList()
        )
            _files.Remove(file);
    }

    private static async Task<byte[]> ReadAsync(TarEntry entry, string path, CancellationToken cancellationToken)
    {
        if (entry.Length > MaxFile)
            throw new FormatException($"{path} has {entry.Length} bytes; {MaxFile} is the limit");
        if (entry.DataStream is not { } data)
            return [];
        var content = new byte[(int)entry.Length];
        await data.ReadExactlyAsync(content, cancellationToken);
        return content;
    }

    private static string Normalise(string name)
    {
        var path = name.TrimEnd('/');
        while (path.StartsWith("./", StringComparison.Ordinal) || path.StartsWith('/'))
            path = path[(path[0] == '/' ? 1 : 2)..];
        return path == "." ? "" : path;
    }
}
