using Microsoft.Win32.SafeHandles;
using Vordr.Linux;

namespace Vordr.Storage.Extraction;

/// <summary>The attributes that a directory has in the layers beneath.</summary>
/// <param name="Status">Mode, owner and time.</param>
/// <param name="Xattrs">Extended attributes, without those of overlayfs.</param>
internal sealed record LowerDirectory(FileStatus Status, IReadOnlyDictionary<string, byte[]> Xattrs);

/// <summary>
/// The layers beneath one that is being unpacked, as overlayfs will merge them: a directory which an entry's path
/// only implies must look as it does there, else the new layer would change it.
/// </summary>
internal sealed class LowerLayers : IDisposable
{
    private const ResolveFlags Strictly =
        ResolveFlags.Beneath | ResolveFlags.NoSymlinks | ResolveFlags.NoMagicLinks | ResolveFlags.NoMounts;

    private readonly List<SafeFileHandle> _topFirst = [];

    /// <summary>Opens the directories, lowest first.</summary>
    public LowerLayers(IEnumerable<string> lowestFirst)
    {
        foreach (var directory in lowestFirst.Reverse())
            _topFirst.Add(FileSystem.OpenPath(directory, OpenFlags.Directory));
    }

    /// <summary>The directory that the merged view has at a path without links; null when it has none.</summary>
    public LowerDirectory? Find(ReadOnlySpan<byte> path)
    {
        foreach (var layer in _topFirst)
        {
            var name = path.IsEmpty ? "." : new UnixPath(path);
            using var found = OpenAt2.TryOpen(
                layer,
                name,
                OpenFlags.Path | OpenFlags.NoFollow,
                Strictly,
                0,
                out var errno
            );
            if (found is not null)
                return Describe(layer, name, FileSystem.Stat(found));
            // Something that is no directory is on the way: it hides whatever lies deeper down the stack.
            if (errno is Errno.ENOTDIR or Errno.ELOOP || HidesLower(layer, path))
                return null;
            if (errno != Errno.ENOENT)
                LinuxError.Throw("openat2", name.ToString(), errno);
        }
        return null;
    }

    /// <summary>Every name in the merged root: what an opaque whiteout of the root has to hide one by one.</summary>
    public IEnumerable<UnixPath> RootNames()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var layer in _topFirst)
        {
            DirectoryEntries.Rewind(layer);
            while (DirectoryEntries.Next(layer) is { Count: > 0 } names)
            {
                foreach (var name in names)
                {
                    if (seen.Add(Convert.ToHexString(name.Bytes)))
                        yield return name;
                }
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var layer in _topFirst)
            layer.Dispose();
    }

    private static LowerDirectory? Describe(SafeFileHandle layer, UnixPath name, FileStatus status)
    {
        if (status.Kind != FileKind.Directory)
            return null;
        // The path holds no links (it was just opened strictly), and nobody changes a finished layer.
        var xattrs = Xattr
            .List(layer, name)
            .Where(attribute => XattrRules.Judge(attribute) == XattrFate.Kept)
            .Select(attribute => (attribute, Value: Xattr.Get(layer, name, attribute)))
            .Where(pair => pair.Value is not null)
            .ToDictionary(pair => pair.attribute, pair => pair.Value!, StringComparer.Ordinal);
        return new LowerDirectory(status, xattrs);
    }

    private static bool HidesLower(SafeFileHandle layer, ReadOnlySpan<byte> path)
    {
        for (var end = 0; end < path.Length; end++)
        {
            if (path[end] != (byte)'/')
                continue;
            var ancestor = new UnixPath(path[..end]);
            using var opened = OpenAt2.TryOpen(
                layer,
                ancestor,
                OpenFlags.Path | OpenFlags.Directory,
                Strictly,
                0,
                out _
            );
            if (opened is null)
                return false;
            if (Xattr.Get(layer, ancestor, Xattr.OverlayOpaque) is [(byte)'y'])
                return true;
        }
        return false;
    }
}
