using System.IO.Compression;
using Oci;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Vordr.Storage;

/// <summary>
/// Opens a layer's blob as the tar that is in it; a fault in the compressed stream refuses the layer. The framework's
/// gzip reader overlooks a missing end, and bytes behind it: both are proved elsewhere, the blob by its digest, and
/// what was unpacked by the diff id.
/// </summary>
internal static class LayerDecompression
{
    // 128 MiB, what `zstd` itself decodes without being asked: a frame may demand 2 GiB.
    private const int LargestWindowLog = 27;

    /// <summary>The uncompressed stream; disposing it disposes <paramref name="blob"/>.</summary>
    public static Stream Open(Stream blob, LayerCompression compression) =>
        compression switch
        {
            LayerCompression.None => blob,
            LayerCompression.Gzip => new Checked(new GZipStream(blob, CompressionMode.Decompress)),
            LayerCompression.Zstd => new Checked(Zstd(blob)),
            _ => throw new ArgumentOutOfRangeException(nameof(compression)),
        };

    private static DecompressionStream Zstd(Stream blob)
    {
        var decompressor = new DecompressionStream(blob, leaveOpen: false);
        decompressor.SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, LargestWindowLog);
        return decompressor;
    }

    private sealed class Checked(Stream decompressor) : Stream
    {
        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            try
            {
                return decompressor.Read(buffer);
            }
            catch (Exception damaged) when (damaged is InvalidDataException or ZstdException or EndOfStreamException)
            {
                throw LayerRefused.Because(
                    LayerRefusal.Compression,
                    "its compressed stream is damaged or ends too early",
                    damaged
                );
            }
        }

        public override void Flush() { }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                decompressor.Dispose();
            base.Dispose(disposing);
        }
    }
}
