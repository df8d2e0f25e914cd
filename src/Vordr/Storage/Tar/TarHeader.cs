using System.Buffers.Binary;

namespace Vordr.Storage.Tar;

/// <summary>
/// One 512-byte header: v7, ustar (POSIX.1-1988), star or GNU. Numbers are octal, or base-256 where GNU and star
/// allow it; anything else in a number's place is refused, since tars' readers differ in what they make of it.
/// </summary>
internal readonly record struct TarHeader
{
    /// <summary>Size of a header and of the unit that content is padded to.</summary>
    public const int Size = 512;

    /// <summary>Largest size that padding doesn't overflow.</summary>
    private const long LargestContent = long.MaxValue - Size;

    /// <summary>Type flag; NUL (v7) is given as <c>0</c>.</summary>
    public required byte Type { get; init; }

    /// <summary>Name, with the prefix where the format has one.</summary>
    public required byte[] Name { get; init; }

    /// <summary>Link target.</summary>
    public required byte[] LinkName { get; init; }

    /// <summary>Permission bits, 07777; file type bits that some writers add are dropped.</summary>
    public required int Mode { get; init; }

    /// <summary>Owner.</summary>
    public required long UserId { get; init; }

    /// <summary>Group.</summary>
    public required long GroupId { get; init; }

    /// <summary>Bytes of content that follow.</summary>
    public required long ContentSize { get; init; }

    /// <summary>Modification time, seconds since 1970.</summary>
    public required long Modified { get; init; }

    /// <summary>Major number of a device.</summary>
    public required long DeviceMajor { get; init; }

    /// <summary>Minor number of a device.</summary>
    public required long DeviceMinor { get; init; }

    /// <summary>Reads a header that isn't all zeros.</summary>
    public static TarHeader Parse(ReadOnlySpan<byte> block)
    {
        RequireChecksum(block);
        var prefix = Prefix(block);
        byte[] name = prefix.IsEmpty ? Text(block[..100]).ToArray() : [.. prefix, (byte)'/', .. Text(block[..100])];
        var type = block[156];
        var devices = type is (byte)'3' or (byte)'4';
        return new TarHeader
        {
            Type = type == 0 ? (byte)'0' : type,
            Name = name,
            LinkName = Text(block[157..257]).ToArray(),
            Mode = (int)(Number(block[100..108], name, "mode") & 0xfff),
            UserId = Number(block[108..116], name, "uid"),
            GroupId = Number(block[116..124], name, "gid"),
            ContentSize = Limit(Number(block[124..136], name, "size"), name),
            Modified = Number(block[136..148], name, "mtime", mayBeNegative: true),
            // Writers leave anything in the device fields of what is no device.
            DeviceMajor = devices ? Number(block[329..337], name, "devmajor") : 0,
            DeviceMinor = devices ? Number(block[337..345], name, "devminor") : 0,
        };
    }

    private static void RequireChecksum(ReadOnlySpan<byte> block)
    {
        var sum = 8 * ' ';
        for (var i = 0; i < Size; i++)
            sum += i is >= 148 and < 156 ? 0 : block[i];
        if (Number(block[148..156], block[..100], "checksum") != sum)
            throw LayerRefused.Because(LayerRefusal.Checksum, "a header's checksum is wrong");
    }

    private static ReadOnlySpan<byte> Prefix(ReadOnlySpan<byte> block)
    {
        var magic = block[257..265];
        // "ustar" with blanks is GNU's: times and the sparse map stand in the prefix's place. No magic is v7.
        if (magic.SequenceEqual("ustar  \0"u8) || !magic.ContainsAnyExcept((byte)0))
            return default;
        if (!magic[..6].SequenceEqual("ustar\0"u8))
            throw LayerRefused.Because(LayerRefusal.HeaderField, Text(block[..100]), "the header's magic is unknown");
        return block[508..].SequenceEqual("tar\0"u8) ? Text(block[345..476]) : Text(block[345..500]);
    }

    private static ReadOnlySpan<byte> Text(ReadOnlySpan<byte> field)
    {
        var end = field.IndexOf((byte)0);
        return end < 0 ? field : field[..end];
    }

    private static long Number(
        ReadOnlySpan<byte> field,
        ReadOnlySpan<byte> name,
        string what,
        bool mayBeNegative = false
    )
    {
        var value = (field[0] & 0x80) != 0 ? Base256(field) : Octal(field);
        return value is { } number && (number >= 0 || mayBeNegative)
            ? number
            : throw LayerRefused.Because(LayerRefusal.HeaderField, Text(name), $"its {what} is not a number that fits");
    }

    private static long? Octal(ReadOnlySpan<byte> field)
    {
        field = field.TrimStart((byte)' ').TrimEnd("\0 "u8);
        var value = 0L;
        foreach (var digit in field)
        {
            if (digit is < (byte)'0' or > (byte)'7')
                return null;
            value = (value << 3) | (uint)(digit - '0');
        }
        return value;
    }

    // The first bit marks the form, the next is the sign of a two's complement number, big endian.
    private static long? Base256(ReadOnlySpan<byte> field)
    {
        var negative = (field[0] & 0x40) != 0;
        Span<byte> digits = stackalloc byte[field.Length];
        field.CopyTo(digits);
        digits[0] = (byte)(negative ? digits[0] | 0x80 : digits[0] & 0x7f);
        var filler = negative ? (byte)0xff : (byte)0;
        if (digits[..^8].ContainsAnyExcept(filler))
            return null;
        var value = BinaryPrimitives.ReadInt64BigEndian(digits[^8..]);
        return value < 0 == negative ? value : null;
    }

    private static long Limit(long size, ReadOnlySpan<byte> name) =>
        size <= LargestContent
            ? size
            : throw LayerRefused.Because(LayerRefusal.HeaderField, name, "its size is not a number that fits");
}
