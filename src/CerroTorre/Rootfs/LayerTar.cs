using System.Globalization;
using System.Text;

namespace CerroTorre.Rootfs;

/// <summary>One entry of a layer to be written.</summary>
internal sealed record LayerEntry
{
    public required string Path { get; init; }
    public required char Type { get; init; }
    public required int Mode { get; init; }
    public uint Uid { get; init; }
    public uint Gid { get; init; }
    public long Size { get; init; }
    public long ModifiedSeconds { get; init; }
    public string LinkTarget { get; init; } = "";
    public uint DeviceMajor { get; init; }
    public uint DeviceMinor { get; init; }
    public IReadOnlyList<(string Name, byte[] Value)> Xattrs { get; init; } = [];
}

/// <summary>
/// Writes a layer as a tar (POSIX pax): ustar where that says everything, a pax header before it where it doesn't.
/// The framework's writer puts the process id into pax headers, so its bytes differ from run to run.
/// </summary>
internal sealed class LayerTar(Stream output)
{
    public const char RegularType = '0';
    public const char HardLinkType = '1';
    public const char SymbolicLinkType = '2';
    public const char CharacterType = '3';
    public const char BlockType = '4';
    public const char DirectoryType = '5';
    public const char FifoType = '6';

    private const int BlockSize = 512;
    private const int NameLength = 100;
    private const long MaxOctal7 = 0x1fffff;
    private const long MaxOctal11 = 0x1ffffffff;
    private static readonly byte[] Zeros = new byte[2 * BlockSize];

    /// <summary>Writes the entry; a regular file's content comes from <paramref name="content"/>, exactly its size.</summary>
    public async Task WriteAsync(LayerEntry entry, Stream? content, CancellationToken cancellationToken)
    {
        var extended = ExtendedHeaderOf(entry);
        if (extended.Length > 0)
        {
            var name =
                $"PaxHeaders/{Encoding.ASCII.GetString(Ascii(System.IO.Path.GetFileName(entry.Path.TrimEnd('/'))))}";
            await output.WriteAsync(
                Header(
                    entry with
                    {
                        Path = name,
                        Mode = 0x1a4,
                        Size = extended.Length,
                        LinkTarget = "",
                        Uid = 0,
                        Gid = 0,
                        DeviceMajor = 0,
                        DeviceMinor = 0,
                    },
                    'x'
                ),
                cancellationToken
            );
            await output.WriteAsync(extended, cancellationToken);
            await PadAsync(extended.Length, cancellationToken);
        }
        await output.WriteAsync(Header(entry, entry.Type), cancellationToken);
        if (content is null)
            return;
        await CopyAsync(content, entry, cancellationToken);
        await PadAsync(entry.Size, cancellationToken);
    }

    /// <summary>Writes the two zero blocks that end a tar.</summary>
    public async Task FinishAsync(CancellationToken cancellationToken) =>
        await output.WriteAsync(Zeros, cancellationToken);

    private async Task CopyAsync(Stream content, LayerEntry entry, CancellationToken cancellationToken)
    {
        var buffer = new byte[81920];
        var left = entry.Size;
        while (left > 0)
        {
            var read = await content.ReadAsync(
                buffer.AsMemory(0, (int)Math.Min(left, buffer.Length)),
                cancellationToken
            );
            if (read == 0)
                throw new IOException($"{entry.Path} became shorter while it was packed.");
            await output.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            left -= read;
        }
    }

    private async Task PadAsync(long size, CancellationToken cancellationToken)
    {
        var padding = (int)((BlockSize - size % BlockSize) % BlockSize);
        await output.WriteAsync(Zeros.AsMemory(0, padding), cancellationToken);
    }

    private static byte[] ExtendedHeaderOf(LayerEntry entry)
    {
        var records = new MemoryStream();
        if (NeedsExtension(entry.Path))
            AddRecord(records, "path", Encoding.UTF8.GetBytes(entry.Path));
        if (NeedsExtension(entry.LinkTarget))
            AddRecord(records, "linkpath", Encoding.UTF8.GetBytes(entry.LinkTarget));
        if (entry.Uid > MaxOctal7)
            AddRecord(records, "uid", Decimal(entry.Uid));
        if (entry.Gid > MaxOctal7)
            AddRecord(records, "gid", Decimal(entry.Gid));
        if (entry.Size > MaxOctal11)
            AddRecord(records, "size", Decimal(entry.Size));
        if (entry.ModifiedSeconds is < 0 or > MaxOctal11)
            AddRecord(records, "mtime", Decimal(entry.ModifiedSeconds));
        foreach (var (name, value) in entry.Xattrs)
            AddRecord(records, $"SCHILY.xattr.{name}", value);
        return records.ToArray();
    }

    private static bool NeedsExtension(string text) =>
        text.Length > NameLength || !Ascii(text).AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(text));

    // "%d %s=%s\n", where the length counts itself.
    private static void AddRecord(MemoryStream records, string key, byte[] value)
    {
        var rest = Encoding.UTF8.GetByteCount(key) + value.Length + 3;
        var length = rest + 1;
        while (length != rest + length.ToString(CultureInfo.InvariantCulture).Length)
            length = rest + length.ToString(CultureInfo.InvariantCulture).Length;
        records.Write(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{length} {key}=")));
        records.Write(value);
        records.WriteByte((byte)'\n');
    }

    private static byte[] Header(LayerEntry entry, char type)
    {
        var header = new byte[BlockSize];
        Put(header, 0, NameLength, Ascii(entry.Path));
        PutOctal(header, 100, 7, entry.Mode);
        PutOctal(header, 108, 7, entry.Uid > MaxOctal7 ? 0 : entry.Uid);
        PutOctal(header, 116, 7, entry.Gid > MaxOctal7 ? 0 : entry.Gid);
        PutOctal(header, 124, 11, entry.Size > MaxOctal11 ? 0 : entry.Size);
        PutOctal(header, 136, 11, entry.ModifiedSeconds is < 0 or > MaxOctal11 ? 0 : entry.ModifiedSeconds);
        "        "u8.CopyTo(header.AsSpan(148));
        header[156] = (byte)type;
        Put(header, 157, NameLength, Ascii(entry.LinkTarget));
        "ustar\000"u8.CopyTo(header.AsSpan(257));
        PutOctal(header, 329, 7, entry.DeviceMajor);
        PutOctal(header, 337, 7, entry.DeviceMinor);
        long sum = 0;
        foreach (var b in header)
            sum += b;
        PutOctal(header, 148, 6, sum);
        header[154] = 0;
        return header;
    }

    private static void Put(byte[] header, int offset, int length, byte[] text) =>
        text.AsSpan(0, Math.Min(text.Length, length)).CopyTo(header.AsSpan(offset));

    private static void PutOctal(byte[] header, int offset, int digits, long value)
    {
        for (var i = digits - 1; i >= 0; i--)
        {
            header[offset + i] = (byte)('0' + (value & 7));
            value >>= 3;
        }
    }

    private static byte[] Decimal(long value) => Encoding.ASCII.GetBytes(value.ToString(CultureInfo.InvariantCulture));

    private static byte[] Ascii(string text) => Encoding.ASCII.GetBytes(text);
}
