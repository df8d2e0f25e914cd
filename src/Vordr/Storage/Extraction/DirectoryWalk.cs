using Microsoft.Win32.SafeHandles;
using Vordr.Linux;

namespace Vordr.Storage.Extraction;

/// <summary>
/// Walks a path inside a root as the kernel would after chroot, and lets its owner make what is missing on the way:
/// openat2(RESOLVE_IN_ROOT) resolves only what exists. Links are read and expanded here, <c>..</c> stops at the root,
/// and each step opens one component that is known to be a directory, without following anything.
/// </summary>
internal sealed class DirectoryWalk(SafeFileHandle root, int pathLimit)
{
    private const int MostLinks = 40; // MAXSYMLINKS of the kernel

    /// <summary>One component, in the directory that holds it.</summary>
    private const ResolveFlags Strictly =
        ResolveFlags.Beneath | ResolveFlags.NoSymlinks | ResolveFlags.NoMagicLinks | ResolveFlags.NoMounts;

    /// <summary>As in a root of its own.</summary>
    private const ResolveFlags InRoot = ResolveFlags.InRoot | ResolveFlags.NoMagicLinks | ResolveFlags.NoMounts;

    /// <summary>What to do where a directory is needed and something else is, or nothing.</summary>
    /// <param name="parent">Directory that should hold it.</param>
    /// <param name="name">Its name.</param>
    /// <param name="realPath">Its path in the root, no links.</param>
    /// <param name="found">What is there, or null. Never a directory or a symbolic link.</param>
    /// <param name="isLast">Whether the path ends here, links followed.</param>
    /// <returns>Whether to go on; if not, the walk ends without a result.</returns>
    public delegate bool MakeMissing(
        SafeFileHandle parent,
        UnixPath name,
        ReadOnlySpan<byte> realPath,
        FileStatus? found,
        bool isLast
    );

    /// <summary>Opens a directory (O_PATH), following links inside the root; null when it isn't there as one.</summary>
    public SafeFileHandle? TryOpen(ReadOnlySpan<byte> path)
    {
        var opened = OpenAt2.TryOpen(
            root,
            path.IsEmpty ? "." : new UnixPath(path),
            OpenFlags.Path | OpenFlags.Directory,
            InRoot,
            0,
            out var errno
        );
        if (opened is null && errno is not (Errno.ENOENT or Errno.ENOTDIR or Errno.ELOOP or Errno.ENAMETOOLONG))
            LinuxError.Throw("openat2", UnixPath.Show(path), errno);
        return opened;
    }

    /// <summary>Opens a directory (O_PATH), calling <paramref name="make"/> for each that is missing on the way.</summary>
    public SafeFileHandle? Open(ReadOnlySpan<byte> path, MakeMissing make) => Open(path, OpenFlags.Directory, make);

    /// <summary>As <see cref="Open(ReadOnlySpan{byte}, MakeMissing)"/>, for a path that may end in anything.</summary>
    public SafeFileHandle? OpenAny(ReadOnlySpan<byte> path, MakeMissing make) => Open(path, default, make);

    private SafeFileHandle? Open(ReadOnlySpan<byte> path, OpenFlags last, MakeMissing make)
    {
        var current = Reopen([]);
        try
        {
            var real = new List<byte>();
            var pending = new Stack<byte[]>();
            Push(pending, path);
            var links = 0;
            while (pending.TryPop(out var component))
            {
                if (component is [(byte)'.'])
                    continue;
                if (component is [(byte)'.', (byte)'.'])
                {
                    Ascend(real);
                    current = Replace(current, Reopen(real));
                    continue;
                }
                var name = new UnixPath(component);
                var found = FileSystem.TryStat(current, name);
                if (found is { Kind: FileKind.SymbolicLink })
                {
                    if (++links > MostLinks)
                        throw LayerRefused.Because(
                            LayerRefusal.SymlinkLoop,
                            path,
                            "its path leads through too many links"
                        );
                    var target = FileSystem.TryReadLink(current, name)!.Value;
                    if (target.Bytes.StartsWith("/"u8))
                    {
                        real.Clear();
                        current = Replace(current, Reopen(real));
                    }
                    Push(pending, target.Bytes);
                    continue;
                }
                Descend(real, component, path);
                var isLast = pending.Count == 0;
                if (found is not { Kind: FileKind.Directory } && !make(current, name, real.ToArray(), found, isLast))
                {
                    current.Dispose();
                    return null;
                }
                var kind = isLast ? last : OpenFlags.Directory;
                current = Replace(
                    current,
                    OpenAt2.Open(current, name, OpenFlags.Path | OpenFlags.NoFollow | kind, Strictly)
                );
            }
            return current;
        }
        catch
        {
            current.Dispose();
            throw;
        }
    }

    private SafeFileHandle Reopen(List<byte> real) =>
        OpenAt2.Open(
            root,
            real.Count == 0 ? "." : new UnixPath(real.ToArray()),
            OpenFlags.Path | OpenFlags.Directory | OpenFlags.NoFollow,
            Strictly
        );

    private void Descend(List<byte> real, byte[] component, ReadOnlySpan<byte> path)
    {
        if (real.Count > 0)
            real.Add((byte)'/');
        real.AddRange(component);
        if (real.Count >= pathLimit)
            throw LayerRefused.Because(LayerRefusal.PathTooLong, path, "its path is too long with its links followed");
    }

    private static void Ascend(List<byte> real)
    {
        var slash = real.LastIndexOf((byte)'/');
        real.RemoveRange(Math.Max(slash, 0), real.Count - Math.Max(slash, 0));
    }

    private static SafeFileHandle Replace(SafeFileHandle old, SafeFileHandle replacement)
    {
        old.Dispose();
        return replacement;
    }

    private static void Push(Stack<byte[]> pending, ReadOnlySpan<byte> path)
    {
        var components = new List<byte[]>();
        foreach (var range in path.Split((byte)'/'))
        {
            if (!path[range].IsEmpty)
                components.Add(path[range].ToArray());
        }
        for (var i = components.Count - 1; i >= 0; i--)
            pending.Push(components[i]);
    }
}
