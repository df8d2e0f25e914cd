using System.Buffers.Binary;
using System.Text;

namespace Vordr.Tests.Storage;

/// <summary>
/// Writes tars as hostile as a test needs: every field of a header can be set, and bytes can be put in between.
/// </summary>
internal sealed class TarBuilder
{
    public const byte Hardlink = (byte)'1';
    public const byte Symlink = (byte)'2';
    public const byte CharacterDevice = (byte)'3';
    public const byte BlockDevice = (byte)'4';
    public const byte DirectoryType = (byte)'5';
    public const byte Fifo = (byte)'6';

    private readonly List<byte> _tar = [];

    public TarBuilder File(
        string name,
        string content = "",
        int mode = 0x1a4,
        uint uid = 0,
        uint gid = 0,
        long mtime = 0
    ) => File(name, Encoding.UTF8.GetBytes(content), mode, uid, gid, mtime);

    public TarBuilder File(string name, byte[] content, int mode = 0x1a4, uint uid = 0, uint gid = 0, long mtime = 0) =>
        Header(name, (byte)'0', content.Length, mode, uid: uid, gid: gid, mtime: mtime).Content(content);

    public TarBuilder Directory(string name, int mode = 0x1ed, uint uid = 0, uint gid = 0, long mtime = 0) =>
        Header(name, DirectoryType, mode: mode, uid: uid, gid: gid, mtime: mtime);

    public TarBuilder Link(string name, string target) => Header(name, Symlink, link: target, mode: 0x1ff);

    public TarBuilder HardLink(string name, string target) => Header(name, Hardlink, link: target);

    public TarBuilder Device(string name, byte type, uint major, uint minor) =>
        Header(name, type, major: major, minor: minor);

    public TarBuilder Whiteout(string name) => File(name);

    /// <summary>A pax extended header for the next entry.</summary>
    public TarBuilder Pax(params (string Keyword, string Value)[] records) =>
        Pax([.. records.Select(record => (record.Keyword, Encoding.UTF8.GetBytes(record.Value)))]);

    public TarBuilder Pax(params (string Keyword, byte[] Value)[] records) => Extended((byte)'x', Records(records));

    public TarBuilder GlobalPax(string keyword, string value) =>
        Extended((byte)'g', Records((keyword, Encoding.UTF8.GetBytes(value))));

    public TarBuilder LongName(string name) => Extended((byte)'L', Encoding.UTF8.GetBytes(name + "\0"));

    public TarBuilder LongLink(string name) => Extended((byte)'K', Encoding.UTF8.GetBytes(name + "\0"));

    public TarBuilder Extended(byte type, byte[] content) => Header("extended", type, content.Length).Content(content);

    /// <summary>A header alone; content, if any, has to follow.</summary>
    public TarBuilder Header(
        string name,
        byte type,
        long size = 0,
        int mode = 0x1a4,
        string link = "",
        uint uid = 0,
        uint gid = 0,
        long mtime = 0,
        uint major = 0,
        uint minor = 0,
        Action<byte[]>? change = null,
        bool checksum = true
    )
    {
        var header = new byte[512];
        Put(header, 0, 100, name);
        Octal(header, 100, 8, mode);
        Number(header, 108, 8, uid);
        Number(header, 116, 8, gid);
        Number(header, 124, 12, size);
        Number(header, 136, 12, mtime);
        header[156] = type;
        Put(header, 157, 100, link);
        Put(header, 257, 8, "ustar\000");
        header[263] = header[264] = (byte)'0';
        Octal(header, 329, 8, major);
        Octal(header, 337, 8, minor);
        change?.Invoke(header);
        if (checksum)
            Seal(header);
        _tar.AddRange(header);
        return this;
    }

    /// <summary>Content, padded.</summary>
    public TarBuilder Content(byte[] content)
    {
        _tar.AddRange(content);
        _tar.AddRange(new byte[-content.Length & 511]);
        return this;
    }

    /// <summary>Bytes as they are.</summary>
    public TarBuilder Raw(byte[] bytes)
    {
        _tar.AddRange(bytes);
        return this;
    }

    /// <summary>The tar so far, without an end.</summary>
    public byte[] Open() => _tar.ToArray();

    /// <summary>The tar with its two zero blocks.</summary>
    public byte[] Build() => [.. _tar.ToArray(), .. new byte[1024]];

    public static void Seal(byte[] header)
    {
        header.AsSpan(148, 8).Fill((byte)' ');
        Put(header, 148, 8, Convert.ToString(header.Sum(value => value), 8).PadLeft(6, '0') + "\0 ");
    }

    public static void Put(byte[] header, int offset, int length, string text)
    {
        var bytes = Encoding.Latin1.GetBytes(text);
        if (bytes.Length > length)
            throw new ArgumentException($"'{text}' has more than {length} bytes", nameof(text));
        bytes.CopyTo(header, offset);
    }

    public static void Base256(byte[] header, int offset, int length, long value)
    {
        header.AsSpan(offset, length).Fill((byte)(value < 0 ? 0xff : 0));
        Span<byte> digits = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(digits, value);
        digits[Math.Max(0, 8 - length)..].CopyTo(header.AsSpan(offset + Math.Max(0, length - 8)));
        header[offset] |= 0x80;
    }

    private static void Number(byte[] header, int offset, int length, long value)
    {
        if (value >= 0 && Convert.ToString(value, 8).Length < length)
            Octal(header, offset, length, value);
        else
            Base256(header, offset, length, value);
    }

    private static void Octal(byte[] header, int offset, int length, long value) =>
        Put(header, offset, length, Convert.ToString(value, 8).PadLeft(length - 1, '0') + "\0");

    private static byte[] Records(params (string Keyword, byte[] Value)[] records)
    {
        var all = new MemoryStream();
        foreach (var (keyword, value) in records)
        {
            byte[] rest = [(byte)' ', .. Encoding.UTF8.GetBytes(keyword), (byte)'=', .. value, (byte)'\n'];
            var length = rest.Length + 1;
            while (length != rest.Length + $"{length}".Length)
                length = rest.Length + $"{length}".Length;
            all.Write(Encoding.ASCII.GetBytes($"{length}"));
            all.Write(rest);
        }
        return all.ToArray();
    }
}
