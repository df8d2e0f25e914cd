using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Vordr.Linux;

/// <summary>Extended attributes, xattr(7), of open files and of names in an open directory.</summary>
internal static partial class Xattr
{
    /// <summary>Marks a directory whose lower layers don't shine through (kernel docs, overlayfs, "whiteouts and opaque directories").</summary>
    public const string OverlayOpaque = "trusted.overlay.opaque";

    /// <summary>Sets an attribute; returns 0 or the error number, since which errors matter is the caller's to say.</summary>
    public static int Set(SafeFileHandle directory, UnixPath name, string attribute, ReadOnlySpan<byte> value)
    {
        using var link = new PathThroughDescriptor(directory, name);
        // A null pointer for an empty value would be fine for the kernel; the marshaller hands over one that isn't null.
        var result = SetOfLink(link.Path.Terminated, attribute, value, (nuint)value.Length, 0);
        return result < 0 ? Marshal.GetLastPInvokeError() : 0;
    }

    /// <summary>The value, or null when the inode has no such attribute (or its file system none at all).</summary>
    public static byte[]? Get(SafeFileHandle directory, UnixPath name, string attribute)
    {
        using var link = new PathThroughDescriptor(directory, name);
        var path = link.Path;
        return Read(buffer => GetOfLink(path.Terminated, attribute, buffer, (nuint)buffer.Length), "lgetxattr", name);
    }

    /// <summary>Names of all attributes, in the file system's order.</summary>
    public static IReadOnlyList<string> List(SafeFileHandle directory, UnixPath name)
    {
        using var link = new PathThroughDescriptor(directory, name);
        var path = link.Path;
        var names = Read(buffer => ListOfLink(path.Terminated, buffer, (nuint)buffer.Length), "llistxattr", name);
        return names is null or []
            ? []
            : Encoding.UTF8.GetString(names).Split('\0', StringSplitOptions.RemoveEmptyEntries);
    }

    private delegate nint Reader(Span<byte> buffer);

    private static byte[]? Read(Reader call, string operation, UnixPath name)
    {
        var buffer = new byte[256];
        while (true)
        {
            var size = call(buffer);
            if (size >= 0)
                return buffer.AsSpan(0, (int)size).ToArray();
            var errno = Marshal.GetLastPInvokeError();
            if (errno is Errno.ENODATA or Errno.EOPNOTSUPP)
                return null;
            if (errno != Errno.ERANGE || buffer.Length > 1 << 20)
                LinuxError.Throw(operation, name.ToString(), errno);
            buffer = new byte[buffer.Length * 4];
        }
    }

    [LibraryImport("libc", EntryPoint = "lsetxattr", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetOfLink(
        ReadOnlySpan<byte> path,
        string name,
        ReadOnlySpan<byte> value,
        nuint size,
        int flags
    );

    [LibraryImport("libc", EntryPoint = "lgetxattr", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint GetOfLink(ReadOnlySpan<byte> path, string name, Span<byte> value, nuint size);

    [LibraryImport("libc", EntryPoint = "llistxattr", SetLastError = true)]
    private static partial nint ListOfLink(ReadOnlySpan<byte> path, Span<byte> list, nuint size);

    /// <summary>
    /// <c>/proc/self/fd/N/name</c>: the xattr calls have no form that takes a directory descriptor before Linux 6.13.
    /// The link leads straight to the open directory, and the l-calls don't follow the name itself.
    /// </summary>
    private readonly ref struct PathThroughDescriptor
    {
        private readonly SafeFileHandle _directory;

        public PathThroughDescriptor(SafeFileHandle directory, UnixPath name)
        {
            var added = false;
            directory.DangerousAddRef(ref added);
            _directory = directory;
            Span<byte> prefix = Encoding.ASCII.GetBytes($"/proc/self/fd/{directory.DangerousGetHandle()}/");
            Path = new UnixPath([.. prefix, .. name.Bytes]);
        }

        public UnixPath Path { get; }

        public void Dispose() => _directory.DangerousRelease();
    }
}
