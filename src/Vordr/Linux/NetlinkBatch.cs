using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Vordr.Linux;

/// <summary>
/// Netlink requests, built one behind the other to go out in one system call (netlink(7)). The kernel works through
/// all of them and answers each; one that fails does not stop those behind it.
/// </summary>
internal sealed class NetlinkBatch
{
    private const int HeaderLength = 16;
    private const ushort NestedFlag = 0x8000;

    private readonly List<string> _subjects = [];
    private byte[] _buffer = new byte[2048];
    private int _length;
    private int _messageStart = -1;

    /// <summary>What each message does to what, for errors.</summary>
    public IReadOnlyList<string> Subjects => _subjects;

    /// <summary>The finished bytes.</summary>
    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, _length);

    /// <summary>Starts a message; a message that was open is finished.</summary>
    /// <param name="type">Message type, e.g. RTM_NEWLINK.</param>
    /// <param name="flags">NLM_F_… beside NLM_F_REQUEST, which every message has.</param>
    /// <param name="subject">What it does to what, for errors.</param>
    public NetlinkBatch Message(ushort type, ushort flags, string subject)
    {
        EndMessage();
        _messageStart = _length;
        var header = Extend(HeaderLength);
        MemoryMarshal.Write(header[4..], type);
        MemoryMarshal.Write(header[6..], (ushort)(flags | NetlinkFlags.Request));
        MemoryMarshal.Write(header[8..], (uint)_subjects.Count);
        _subjects.Add(subject);
        return this;
    }

    /// <summary>Appends the fixed structure that a message type begins with.</summary>
    public NetlinkBatch Structure<T>(in T value)
        where T : unmanaged
    {
        MemoryMarshal.Write(Extend(Marshal.SizeOf<T>()), value);
        return this;
    }

    /// <summary>Appends an attribute of raw bytes, which may be attributes themselves.</summary>
    public NetlinkBatch Attribute(ushort type, ReadOnlySpan<byte> value, bool nested = false)
    {
        var attribute = Extend(4 + value.Length);
        MemoryMarshal.Write(attribute, (ushort)(4 + value.Length));
        MemoryMarshal.Write(attribute[2..], (ushort)(nested ? type | NestedFlag : type));
        value.CopyTo(attribute[4..]);
        return this;
    }

    /// <summary>Appends an attribute of four bytes in host order.</summary>
    public NetlinkBatch Attribute(ushort type, uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        MemoryMarshal.Write(bytes, value);
        return Attribute(type, bytes);
    }

    /// <summary>Appends an attribute of one byte.</summary>
    public NetlinkBatch Attribute(ushort type, byte value) => Attribute(type, [value]);

    /// <summary>Appends a zero-terminated string.</summary>
    public NetlinkBatch Attribute(ushort type, string value)
    {
        Span<byte> bytes = stackalloc byte[Encoding.UTF8.GetMaxByteCount(value.Length) + 1];
        var length = Encoding.UTF8.GetBytes(value, bytes);
        bytes[length] = 0;
        return Attribute(type, bytes[..(length + 1)]);
    }

    /// <summary>Appends an attribute that holds what <paramref name="content"/> appends.</summary>
    public NetlinkBatch Nested(ushort type, Action<NetlinkBatch> content)
    {
        var start = _length;
        Attribute(type, [], nested: true);
        content(this);
        MemoryMarshal.Write(_buffer.AsSpan(start), checked((ushort)(_length - start)));
        return this;
    }

    /// <summary>Finishes the last message.</summary>
    public void Complete()
    {
        EndMessage();
        _messageStart = -1;
    }

    private void EndMessage()
    {
        if (_messageStart < 0)
            return;
        MemoryMarshal.Write(_buffer.AsSpan(_messageStart), (uint)(_length - _messageStart));
    }

    /// <summary>Room for <paramref name="size"/> bytes, padded to four as netlink wants; the padding is zero.</summary>
    private Span<byte> Extend(int size)
    {
        var padded = (size + 3) & ~3;
        if (_length + padded > _buffer.Length)
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + padded));
        var room = _buffer.AsSpan(_length, padded);
        room.Clear();
        _length += padded;
        Debug.Assert(_length % 4 == 0, "messages and attributes stay aligned");
        return room[..size];
    }
}

/// <summary>NLM_F_… of <c>linux/netlink.h</c>.</summary>
internal static class NetlinkFlags
{
    public const ushort Request = 0x1;
    public const ushort Multi = 0x2;
    public const ushort Acknowledge = 0x4;
    public const ushort Dump = 0x300;
    public const ushort Replace = 0x100;
    public const ushort Exclusive = 0x200;
    public const ushort Create = 0x400;
}
