using System.Runtime.InteropServices;
using System.Text;
using CerroTorre.Linux;
using Microsoft.Win32.SafeHandles;

namespace CerroTorre.Rootfs;

/// <summary>
/// A root filesystem on disk, read without ever leaving it: every path is opened below the directory and through no
/// symbolic link (openat2), and what was opened is what is described. Somebody who may write in it while root packs it
/// can change what is packed, but can't make it hold a file from elsewhere.
/// </summary>
internal sealed class RootDirectory : IDisposable
{
    private static readonly byte[] Empty = [0];
    private readonly SafeFileHandle _root;

    public RootDirectory(string path)
    {
        var handle = NativeMethods.Open(
            path,
            NativeMethods.ReadOnly | NativeMethods.DirectoryOnly | NativeMethods.CloseOnExec
        );
        if (handle < 0)
            throw new IOException($"{path}: {Marshal.GetLastPInvokeErrorMessage()}");
        _root = new SafeFileHandle(handle, ownsHandle: true);
    }

    /// <summary>The inode of <paramref name="path"/> (relative; empty is the root itself), opened; a link isn't followed.</summary>
    public RootEntry Open(string path)
    {
        var identity = OpenHandle(path, NativeMethods.PathOnly | NativeMethods.NoFollow);
        try
        {
            var stat = StatOf(identity, path);
            if ((stat.Mode & RootEntry.TypeMask) is not (RootEntry.RegularType or RootEntry.DirectoryType))
                return new RootEntry(path, stat, identity);

            // Content needs a descriptor that reads; what it is is asked again of that one.
            identity.Dispose();
            identity = OpenHandle(path, NativeMethods.ReadOnly | NativeMethods.NoFollow | NativeMethods.NonBlock);
            var opened = StatOf(identity, path);
            if ((opened.Mode & RootEntry.TypeMask) != (stat.Mode & RootEntry.TypeMask))
                throw new IOException($"{path} changed while it was packed.");
            return new RootEntry(path, opened, identity);
        }
        catch
        {
            identity.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _root.Dispose();

    private SafeFileHandle OpenHandle(string path, int flags)
    {
        var name = Encoding.UTF8.GetBytes((path.Length == 0 ? "." : path) + '\0');
        var handle = NativeMethods.OpenBeneath(_root, name, flags);
        return handle >= 0
            ? new SafeFileHandle(handle, ownsHandle: true)
            : throw new IOException($"{path}: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    private static Statx StatOf(SafeFileHandle handle, string path) =>
        NativeMethods.Statx(handle, Empty, NativeMethods.AtEmptyPath, NativeMethods.StatxBasicStats, out var stat) == 0
            ? stat
            : throw new IOException($"{path}: {Marshal.GetLastPInvokeErrorMessage()}");
}
