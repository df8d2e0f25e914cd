using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Vordr.Linux;

/// <summary>The names in an open directory, batch by batch: getdents64(2).</summary>
internal static partial class DirectoryEntries
{
    private const int RecordLength = 16;
    private const int Name = 19;
    private const int SeekSet = 0;

    /// <summary>The next names, without <c>.</c> and <c>..</c>; empty at the end.</summary>
    public static IReadOnlyList<UnixPath> Next(SafeFileHandle directory)
    {
        var buffer = new byte[32 << 10];
        var names = new List<UnixPath>();
        while (names.Count == 0)
        {
            var size = (int)
                LinuxError.Check(GetDirectoryEntries(directory, buffer, (nuint)buffer.Length), "getdents64");
            if (size == 0)
                break;
            for (var rest = buffer.AsSpan(0, size); !rest.IsEmpty; )
            {
                var length = BinaryPrimitives.ReadUInt16LittleEndian(rest[RecordLength..]);
                var name = rest[Name..length];
                name = name[..name.IndexOf((byte)0)];
                if (!name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8))
                    names.Add(new UnixPath(name));
                rest = rest[length..];
            }
        }
        return names;
    }

    /// <summary>Starts again from the first name.</summary>
    public static void Rewind(SafeFileHandle directory) => LinuxError.Check((nint)Seek(directory, 0, SeekSet), "lseek");

    [LibraryImport("libc", EntryPoint = "getdents64", SetLastError = true)]
    private static partial nint GetDirectoryEntries(SafeFileHandle directory, Span<byte> buffer, nuint size);

    [LibraryImport("libc", EntryPoint = "lseek", SetLastError = true)]
    private static partial long Seek(SafeFileHandle handle, long offset, int whence);
}
