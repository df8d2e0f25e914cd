using System.Security.Cryptography;
using CerroTorre.Bundles;
using Oci;

namespace CerroTorre.Layers;

/// <summary>Reads an image's layers from the lowest up, as plain tars, each held to its diff id.</summary>
internal static class LayerContents
{
    /// <summary>Follows the wanted files through all layers of <paramref name="image"/>.</summary>
    /// <exception cref="FormatException">A layer is damaged or isn't what the config says.</exception>
    public static async Task<TrackedFiles> TrackAsync(
        BundleImage image,
        IReadOnlyList<string> wanted,
        LayerOpener openLayer,
        IProgress<long>? progress,
        CancellationToken cancellationToken
    )
    {
        var config = image.Config ?? throw new InvalidOperationException("The image can't be run.");
        var files = new TrackedFiles(wanted);
        for (var i = 0; i < image.Manifest.Layers.Count; i++)
        {
            var layer = image.Manifest.Layers[i];
            await using var blob = await openLayer(layer, cancellationToken);
            var compression = MediaTypes.CompressionOf(layer.MediaType)!.Value;
            await using var plain = LayerStreams.Decompress(blob, compression);
            await using var tar = new HashingReader(plain);
            try
            {
                await files.ApplyAsync(tar, cancellationToken);
                await tar.DrainAsync(cancellationToken);
            }
            catch (Exception error) when (IsDamage(error))
            {
                throw new FormatException($"layer {layer.Digest} is damaged: it can't be unpacked", error);
            }
            if (tar.Finish() is var found && found != config.Rootfs.DiffIds[i])
            {
                throw new FormatException(
                    $"layer {layer.Digest} unpacks to {found}, but the image config says {config.Rootfs.DiffIds[i]}"
                );
            }
            progress?.Report(layer.Size);
        }
        return files;
    }

    // What the decompressors and the framework's tar reader throw over bytes that aren't theirs.
    private static bool IsDamage(Exception error) =>
        error
            is InvalidDataException
                or EndOfStreamException
                or ZstdSharp.ZstdException
                or ArgumentException
                or InvalidOperationException
                or NotSupportedException
                or OverflowException;

    /// <summary>Hashes what is read through it.</summary>
    private sealed class HashingReader(Stream inner) : Stream
    {
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public async Task DrainAsync(CancellationToken cancellationToken)
        {
            var buffer = new byte[81920];
            while (await ReadAsync(buffer, cancellationToken) > 0) { }
        }

        public Digest Finish() => Digest.FromHash(_hash.GetHashAndReset());

        public override int Read(Span<byte> buffer)
        {
            var read = inner.Read(buffer);
            _hash.AppendData(buffer[..read]);
            return read;
        }

        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer,
            CancellationToken cancellationToken = default
        )
        {
            var read = await inner.ReadAsync(buffer, cancellationToken);
            _hash.AppendData(buffer.Span[..read]);
            return read;
        }

        public override Task<int> ReadAsync(
            byte[] buffer,
            int offset,
            int count,
            CancellationToken cancellationToken
        ) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush() { }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                _hash.Dispose();
            base.Dispose(disposing);
        }
    }
}
