using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using CerroTorre.Linux;
using Microsoft.Win32.SafeHandles;
using Oci.Errors;

namespace CerroTorre.Rootfs;

/// <summary>One inode of a root filesystem, held open.</summary>
/// <param name="path">Where it lies, relative to the root.</param>
/// <param name="stat">What statx says of it.</param>
/// <param name="handle">The open descriptor.</param>
internal sealed unsafe class RootEntry(string path, Statx stat, SafeFileHandle handle) : IDisposable
{
    public const int TypeMask = 0xf000;
    public const int FifoType = 0x1000;
    public const int CharacterType = 0x2000;
    public const int DirectoryType = 0x4000;
    public const int BlockType = 0x6000;
    public const int RegularType = 0x8000;
    public const int LinkType = 0xa000;
    public const int SocketType = 0xc000;

    private const int MaxXattr = 64 * 1024; // XATTR_SIZE_MAX, XATTR_LIST_MAX
    private const int MaxTarget = 4096; // PATH_MAX

    /// <summary>Where it lies, relative to the root.</summary>
    public string Path => path;

    /// <summary>What statx says of it.</summary>
    public Statx Stat => stat;

    /// <summary>The file type bits of its mode.</summary>
    public int Type => stat.Mode & TypeMask;

    /// <summary>The open descriptor.</summary>
    public SafeFileHandle Handle => handle;

    // Descriptors of O_PATH take no f…xattr call; their magic link does, and leads to this very inode.
    private string MagicLink =>
        string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{handle.DangerousGetHandle()}");

    /// <summary>Names in this directory, sorted by their bytes.</summary>
    public IReadOnlyList<string> Children()
    {
        var names = Directory
            .EnumerateFileSystemEntries(
                MagicLink,
                "*",
                new EnumerationOptions { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false }
            )
            .Select(child => System.IO.Path.GetFileName(child))
            .ToList();
        foreach (var name in names)
        {
            // .NET decodes names as UTF-8; one that isn't can't be opened by what it gives.
            if (name.Contains('\ufffd', StringComparison.Ordinal))
                throw new PublicError(
                    ErrorId.Usage,
                    $"'{Packages.ShownText.Of(path, 200)}' holds a file whose name is not UTF-8"
                );
        }
        names.Sort(static (a, b) => Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b)));
        return names;
    }

    /// <summary>What a symbolic link points to.</summary>
    public string Target()
    {
        var buffer = stackalloc byte[MaxTarget];
        var length = NativeMethods.ReadLinkAt(handle, [0], buffer, MaxTarget);
        return length >= 0
            ? Encoding.UTF8.GetString(buffer, (int)length)
            : throw new IOException($"{path}: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    /// <summary>
    /// Extended attributes that belong to the image, sorted: file capabilities and <c>user.*</c>. Labels of the
    /// packing host's security module and overlayfs's own marks say nothing about the content.
    /// </summary>
    public IReadOnlyList<(string Name, byte[] Value)> Xattrs()
    {
        var list = new byte[MaxXattr];
        nint length;
        fixed (byte* start = list)
            length = NativeMethods.ListXattr(MagicLink, start, (nuint)list.Length);
        if (length <= 0)
            return [];
        return
        [
            .. Encoding
                .UTF8.GetString(list, 0, (int)length)
                .Split('\0', StringSplitOptions.RemoveEmptyEntries)
                .Where(name => name == "security.capability" || name.StartsWith("user.", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .Select(name => (name, ValueOf(name))),
        ];
    }

    /// <inheritdoc/>
    public void Dispose() => handle.Dispose();

    private byte[] ValueOf(string name)
    {
        var value = new byte[MaxXattr];
        fixed (byte* start = value)
        {
            var length = NativeMethods.GetXattr(MagicLink, name, start, (nuint)value.Length);
            return length >= 0
                ? value[..(int)length]
                : throw new IOException($"{path}: {name}: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }
}
