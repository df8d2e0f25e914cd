using System.Text;

namespace CerroTorre.Bundles;

/// <summary>
/// The one tar header that a bundle's entry may have (bundle.md, "One byte form"): POSIX ustar, mode 0644, ids 0,
/// mtime 0, type <c>0</c>, empty names. The reader never interprets a header: it builds the 512 bytes that it expects
/// from a name and a size, and compares.
/// </summary>
internal static class UstarHeader
{
    /// <summary>Bytes of a header and of a block.</summary>
    public const int BlockSize = 512;

    /// <summary>The largest size that eleven octal digits can say: 8 GiB less one byte.</summary>
    public const long MaxContentSize = 8L * 1024 * 1024 * 1024 - 1;

    private const int NameLength = 100;
    private const int SizeOffset = 124;
    private const int SizeDigits = 11;
    private const int ChecksumOffset = 148;

    /// <summary>The header of <paramref name="name"/> with <paramref name="size"/> bytes of content.</summary>
    public static byte[] Build(string name, long size)
    {
        if (name.Length > NameLength)
            throw new ArgumentException($"'{name}' is longer than a header's name.", nameof(name));
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, MaxContentSize);
        var header = new byte[BlockSize];
        Encoding.ASCII.GetBytes(name, header);
        "0000644\0"u8.CopyTo(header.AsSpan(100));
        "0000000\0"u8.CopyTo(header.AsSpan(108));
        "0000000\0"u8.CopyTo(header.AsSpan(116));
        WriteOctal(header.AsSpan(SizeOffset, SizeDigits), size);
        "00000000000\0"u8.CopyTo(header.AsSpan(136));
        "        "u8.CopyTo(header.AsSpan(ChecksumOffset));
        header[156] = (byte)'0';
        "ustar\000"u8.CopyTo(header.AsSpan(257));
        "0000000\0"u8.CopyTo(header.AsSpan(329));
        "0000000\0"u8.CopyTo(header.AsSpan(337));
        long sum = 0;
        foreach (var b in header)
            sum += b;
        WriteOctal(header.AsSpan(ChecksumOffset, 6), sum);
        header[ChecksumOffset + 6] = 0;
        return header;
    }

    /// <summary>Reads the size field; false unless it is eleven octal digits. Only used to learn what to expect.</summary>
    public static bool TryReadSize(ReadOnlySpan<byte> header, out long size)
    {
        size = 0;
        foreach (var b in header.Slice(SizeOffset, SizeDigits))
        {
            if (b is < (byte)'0' or > (byte)'7')
                return false;
            size = (size << 3) | (uint)(b - '0');
        }
        return true;
    }

    /// <summary>The name field as text for a message; whatever isn't printable ASCII becomes <c>?</c>.</summary>
    public static string ShownName(ReadOnlySpan<byte> header)
    {
        var field = header[..NameLength];
        var end = field.IndexOf((byte)0);
        if (end >= 0)
            field = field[..end];
        return string.Create(
            field.Length,
            field.ToArray(),
            static (text, bytes) =>
            {
                for (var i = 0; i < bytes.Length; i++)
                    text[i] = bytes[i] is > 0x20 and < 0x7f ? (char)bytes[i] : '?';
            }
        );
    }

    /// <summary>Zero bytes that follow <paramref name="size"/> bytes of content up to the next block.</summary>
    public static int PaddingOf(long size) => (int)((BlockSize - size % BlockSize) % BlockSize);

    private static void WriteOctal(Span<byte> digits, long value)
    {
        for (var i = digits.Length - 1; i >= 0; i--)
        {
            digits[i] = (byte)('0' + (value & 7));
            value >>= 3;
        }
    }
}
