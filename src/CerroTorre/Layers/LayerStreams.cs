using System.IO.Compression;
using Oci;
using ZstdSharp;

namespace CerroTorre.Layers;

/// <summary>Layers as plain tar.</summary>
internal static class LayerStreams
{
    /// <summary>What the first bytes say; the stream must seek, and stands at its start afterwards.</summary>
    public static async Task<LayerCompression> DetectAsync(Stream stream, CancellationToken cancellationToken)
    {
        var magic = new byte[4];
        var read = await stream.ReadAtLeastAsync(magic, magic.Length, throwOnEndOfStream: false, cancellationToken);
        stream.Position = 0;
        return magic.AsSpan(0, read) switch
        {
            [0x1f, 0x8b, ..] => LayerCompression.Gzip,
            [0x28, 0xb5, 0x2f, 0xfd] => LayerCompression.Zstd,
            _ => LayerCompression.None,
        };
    }

    /// <summary>The tar inside; the given stream stays open.</summary>
    public static Stream Decompress(Stream compressed, LayerCompression compression) =>
        compression switch
        {
            LayerCompression.None => new BufferedStream(compressed),
            LayerCompression.Gzip => new GZipStream(compressed, CompressionMode.Decompress, leaveOpen: true),
            LayerCompression.Zstd => new DecompressionStream(compressed, leaveOpen: true),
            _ => throw new InvalidOperationException($"{compression} is no compression."),
        };
}
