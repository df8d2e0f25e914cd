using System.Buffers.Binary;
using Vordr.Linux;

namespace Vordr.Storage.Extraction;

/// <summary>
/// The times of directories, noted until nothing is put into them any more, since each new name changes them. Packed
/// into one buffer with a limit: a layer may name millions of directories by paths of four kilobytes.
/// </summary>
internal sealed class DirectoryTimes(int limit) : IDisposable
{
    private const int Fixed = sizeof(long) + sizeof(int) + sizeof(int);
    private readonly MemoryStream _records = new();

    /// <summary>Notes a directory's time; the last one counts.</summary>
    public void Add(ReadOnlySpan<byte> path, UnixTime time)
    {
        if (_records.Length + Fixed + path.Length > limit)
        {
            throw LayerRefused.Because(
                LayerRefusal.TooManyEntries,
                $"the paths of its directories have more than {limit} bytes"
            );
        }
        Span<byte> head = stackalloc byte[Fixed];
        BinaryPrimitives.WriteInt64LittleEndian(head, time.Seconds);
        BinaryPrimitives.WriteInt32LittleEndian(head[8..], (int)time.Nanoseconds);
        BinaryPrimitives.WriteInt32LittleEndian(head[12..], path.Length);
        _records.Write(head);
        _records.Write(path);
    }

    /// <summary>Sets them, in the order of noting. A directory that is no more, or was replaced, is passed over.</summary>
    public void Apply(DirectoryWalk walk)
    {
        for (var rest = _records.GetBuffer().AsSpan(0, (int)_records.Length); !rest.IsEmpty; )
        {
            var seconds = BinaryPrimitives.ReadInt64LittleEndian(rest);
            var nanoseconds = BinaryPrimitives.ReadInt32LittleEndian(rest[8..]);
            var length = BinaryPrimitives.ReadInt32LittleEndian(rest[12..]);
            using var directory = walk.TryOpen(rest.Slice(Fixed, length));
            if (directory is not null)
                FileSystem.ChangeTime(directory, ".", new UnixTime(seconds, nanoseconds));
            rest = rest[(Fixed + length)..];
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _records.Dispose();
}
