using Oci;
using Oci.Errors;
using Oci.Image;
using Vordr.Linux;

namespace Vordr.Storage;

/// <summary>
/// Content by digest: <c>blobs/sha256/&lt;hex&gt;</c>, and the evidence of bundles, <c>bundles/&lt;hex&gt;/</c>. What is
/// in it has the digest that names it: it is checked while it is written, synced, and renamed into place; whatever
/// fails or is killed on the way leaves only an entry of the staging area behind. Safe for any number of processes.
/// </summary>
internal sealed class ContentStore
{
    private readonly string _root;
    private readonly string _blobs;
    private readonly string _bundles;
    private readonly long _keepFree;
    private readonly StagingArea _staging;

    /// <summary>Opens, and makes where missing, the store beneath <paramref name="root"/>.</summary>
    /// <param name="root">State directory.</param>
    /// <param name="keepFree">Bytes that stay free on its file system.</param>
    public ContentStore(string root, long keepFree = DiskSpace.DefaultKeepFree)
    {
        _root = root;
        _keepFree = keepFree;
        _blobs = Path.Combine(root, "blobs", "sha256");
        _bundles = Path.Combine(root, "bundles");
        PrivateDirectory.Create(_blobs);
        PrivateDirectory.Create(_bundles);
        _staging = new StagingArea(root);
    }

    /// <summary>Whether the blob is stored.</summary>
    public bool Has(Digest digest) => SizeOf(digest) is not null;

    /// <summary>Size of the blob, or null when it isn't stored.</summary>
    public long? SizeOf(Digest digest) => FileSystem.TryStat(BlobPath(digest))?.Size;

    /// <summary>Starts to write a blob; nothing is visible before <see cref="BlobWriter.CommitAsync"/>.</summary>
    /// <exception cref="PublicError">NoSpace, before a byte is written, when the announced size doesn't fit.</exception>
    public BlobWriter OpenWrite(Descriptor descriptor)
    {
        DiskSpace.Require(_root, descriptor.Size, _keepFree);
        return new BlobWriter(_staging.NewPath("blob"), BlobPath(descriptor.Digest), descriptor);
    }

    /// <summary>Stores bytes that are already in memory; returns their digest.</summary>
    public async Task<Digest> PutAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var digest = Digest.Of(content.Span);
        await using var writer = OpenWrite(
            new Descriptor
            {
                MediaType = "application/octet-stream",
                Digest = digest,
                Size = content.Length,
            }
        );
        await writer.Stream.WriteAsync(content, cancellationToken);
        await writer.CommitAsync(cancellationToken);
        return digest;
    }

    /// <summary>Opens a blob for reading; the stream can seek.</summary>
    /// <exception cref="PublicError">NotFound.</exception>
    public Stream OpenRead(Digest digest)
    {
        try
        {
            return new FileStream(
                FileSystem.OpenPath(BlobPath(digest), OpenFlags.NoFollow),
                FileAccess.Read,
                bufferSize: 1
            );
        }
        catch (LinuxError missing) when (missing.Number == Errno.ENOENT)
        {
            throw new PublicError(ErrorId.NotFound, $"The blob {digest} is not in the store.", missing);
        }
    }

    /// <summary>Reads a small blob (config, manifest) whole and checks it against its digest again.</summary>
    /// <exception cref="PublicError">NotFound; TooLarge; StateCorrupt when the disk changed it.</exception>
    public async Task<byte[]> ReadAsync(Digest digest, long limit, CancellationToken cancellationToken)
    {
        await using var stream = OpenRead(digest);
        if (stream.Length > limit)
            throw new PublicError(ErrorId.TooLarge, $"The blob {digest} is larger than {limit} bytes.");
        var content = new byte[stream.Length];
        await stream.ReadExactlyAsync(content, cancellationToken);
        return Digest.Of(content) == digest
            ? content
            : throw new PublicError(
                ErrorId.StateCorrupt,
                $"The stored blob {digest} does not have its digest any more: the disk or somebody changed it.",
                "remove the image and load its bundle again"
            );
    }

    /// <summary>Digests of every stored blob, in no order.</summary>
    public IEnumerable<Digest> List() => DigestsIn(_blobs);

    /// <summary>Removes a blob that nothing references any more; absent is fine.</summary>
    public void Remove(Digest digest) => File.Delete(BlobPath(digest));

    /// <summary>
    /// Stores the evidence of a bundle, all files or none. Evidence that is already there and equal stays; different
    /// evidence can only be damage, since the digest covers it, and is replaced whole in one step.
    /// </summary>
    /// <param name="bundle">Digest that names the evidence.</param>
    /// <param name="files">File name (<see cref="EvidenceFiles"/>) → bytes.</param>
    /// <param name="cancellationToken">Cancels before anything is visible.</param>
    public async Task PutEvidenceAsync(
        Digest bundle,
        IReadOnlyDictionary<string, ReadOnlyMemory<byte>> files,
        CancellationToken cancellationToken
    )
    {
        DiskSpace.Require(_root, files.Values.Sum(file => (long)file.Length), _keepFree);
        var staged = _staging.NewPath("evidence");
        try
        {
            PrivateDirectory.Create(staged);
            foreach (var (name, content) in files)
                await Task.Run(() => WriteEvidence(staged, name, content.Span), cancellationToken);
            using (var directory = FileSystem.OpenDirectory(staged))
                FileSystem.Sync(directory);
            cancellationToken.ThrowIfCancellationRequested();
            var destination = BundlePath(bundle);
            while (!Published.TryRenameNew(staged, destination))
            {
                if (await HoldsAsync(destination, files, cancellationToken))
                    return;
                // Removed by another process between the two calls: then the name is free again.
                if (!Directory.Exists(destination))
                    continue;
                Published.Exchange(staged, destination);
                return;
            }
        }
        finally
        {
            FileTree.Remove(staged);
        }
    }

    /// <summary>One evidence file, or null when the bundle or the file isn't stored.</summary>
    public async Task<byte[]?> ReadEvidenceAsync(Digest bundle, string file, CancellationToken cancellationToken)
    {
        EvidenceFiles.Require(file);
        try
        {
            return await File.ReadAllBytesAsync(Path.Combine(BundlePath(bundle), file), cancellationToken);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Digests of every bundle with evidence, in no order.</summary>
    public IEnumerable<Digest> ListEvidence() => DigestsIn(_bundles);

    /// <summary>Removes the evidence of a bundle, in one step for readers; absent is fine.</summary>
    public void RemoveEvidence(Digest bundle)
    {
        var leaving = _staging.NewPath("removed");
        if (
            FileSystem.TryRename(FileSystem.WorkingDirectory, BundlePath(bundle), FileSystem.WorkingDirectory, leaving)
            is var errno
                and not (0 or Errno.ENOENT)
        )
            LinuxError.Throw("renameat2", BundlePath(bundle), errno);
        FileTree.Remove(leaving);
    }

    /// <summary>Removes what dead processes left in the staging area; the engine calls it when it opens and reconciles.</summary>
    /// <returns>How many leftovers were removed.</returns>
    public int Sweep() => _staging.Sweep();

    private static void WriteEvidence(string directory, string name, ReadOnlySpan<byte> content)
    {
        EvidenceFiles.Require(name);
        using var file = FileSystem.OpenPath(
            Path.Combine(directory, name),
            OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive,
            0x180 // 0600
        );
        FileSystem.Write(file, content);
        FileSystem.Sync(file);
    }

    private static async Task<bool> HoldsAsync(
        string directory,
        IReadOnlyDictionary<string, ReadOnlyMemory<byte>> files,
        CancellationToken cancellationToken
    )
    {
        try
        {
            if (Directory.EnumerateFileSystemEntries(directory).Count() != files.Count)
                return false;
            foreach (var (name, content) in files)
            {
                var stored = await File.ReadAllBytesAsync(Path.Combine(directory, name), cancellationToken);
                if (!content.Span.SequenceEqual(stored))
                    return false;
            }
            return true;
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
    }

    private static IEnumerable<Digest> DigestsIn(string directory)
    {
        foreach (var path in Directory.EnumerateFileSystemEntries(directory))
        {
            if (Digest.TryFromHex(Path.GetFileName(path), out var digest))
                yield return digest;
        }
    }

    private string BlobPath(Digest digest) => Path.Combine(_blobs, digest.Hex);

    private string BundlePath(Digest digest) => Path.Combine(_bundles, digest.Hex);
}
