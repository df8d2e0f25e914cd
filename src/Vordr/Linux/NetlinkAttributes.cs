using System.Runtime.InteropServices;
using System.Text;

namespace Vordr.Linux;

/// <summary>Reading of netlink attributes (netlink(7)): type, length, value, padded to four bytes.</summary>
internal static class NetlinkAttributes
{
    /// <summary>The top two bits of a type are flags (nested, network byte order).</summary>
    private const ushort TypeMask = 0x3fff;

    /// <summary>The attributes behind the first <paramref name="offset"/> bytes; ends at the first malformed one.</summary>
    public static IEnumerable<(ushort Type, ReadOnlyMemory<byte> Value)> Of(ReadOnlyMemory<byte> body, int offset = 0)
    {
        while (offset + 4 <= body.Length)
        {
            var length = MemoryMarshal.Read<ushort>(body.Span[offset..]);
            var type = (ushort)(MemoryMarshal.Read<ushort>(body.Span[(offset + 2)..]) & TypeMask);
            if (length < 4 || offset + length > body.Length)
                yield break;
            yield return (type, body.Slice(offset + 4, length - 4));
            offset += (length + 3) & ~3;
        }
    }

    /// <summary>A zero-terminated string.</summary>
    public static string Text(ReadOnlyMemory<byte> value) => Encoding.UTF8.GetString(value.Span.TrimEnd((byte)0));

    /// <summary>Four bytes in host order.</summary>
    public static int Int32(ReadOnlyMemory<byte> value) => MemoryMarshal.Read<int>(value.Span);
}
