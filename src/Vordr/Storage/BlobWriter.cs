using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using Oci;
using Oci.Errors;
using Oci.Image;
using Vordr.Linux;

namespace Vordr.Storage;

/// <summary>
/// A blob on its way into the <see cref="ContentStore"/>. Size and digest are checked while it is written; disposing
/// it before <see cref="CommitAsync"/> leaves nothing. For one writer at a time.
/// </summary>
internal sealed class BlobWriter : IAsyncDisposable
{
    private readonly SafeFileHandle _handle;
    private readonly string _staged;
    private readonly string _destination;
    private readonly Descriptor _descriptor;
    private readonly Sink _sink;
    private bool _committed;

    /// <summary>Creates the staged file.</summary>
    /// <param name="staged">Path in the staging area.</param>
    /// <param name="destination">Path that the blob gets when it is whole.</param>
    /// <param name="descriptor">What is announced.</param>
    public BlobWriter(string staged, string destination, Descriptor descriptor)
    {
        _staged = staged;
        _destination = destination;
        _descriptor = descriptor;
        _handle = FileSystem.OpenPath(
            staged,
            OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive | OpenFlags.NoFollow,
            0x180 // 0600
        );
        _sink = new Sink(_handle, descriptor);
    }

    /// <summary>Takes the blob's bytes; one byte too many throws at once.</summary>
    public Stream Stream => _sink;

    /// <summary>Checks size and digest, syncs, and renames into place.</summary>
    /// <exception cref="PublicError">DigestMismatch; NoSpace.</exception>
    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        _sink.Check();
        await Task.Run(() => FileSystem.Sync(_handle), cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        Published.Rename(_staged, _destination);
        _committed = true;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        if (!_committed && !_handle.IsClosed)
            FileTree.Remove(_staged);
        _handle.Dispose();
        _sink.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Hashes and counts what passes, and hands it to the kernel: a write to the page cache, so never awaited.</summary>
    private sealed class Sink(SafeFileHandle handle, Descriptor descriptor) : Stream
    {
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private long _written;

        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => _written;

        public override long Position
        {
            get => _written;
            set => throw new NotSupportedException();
        }

        public void Check()
        {
            if (_written != descriptor.Size)
                throw Mismatch($"it has {_written} bytes, and {descriptor.Size} are announced");
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            _hash.GetCurrentHash(hash);
            if (Digest.FromHash(hash) is var actual && actual != descriptor.Digest)
                throw Mismatch($"its digest is {actual}");
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (buffer.Length > descriptor.Size - _written)
                throw Mismatch($"it has more than the {descriptor.Size} bytes that are announced");
            FileSystem.Write(handle, buffer);
            _hash.AppendData(buffer);
            _written += buffer.Length;
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Write(buffer.Span);
            return ValueTask.CompletedTask;
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override void Flush() { }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                _hash.Dispose();
            base.Dispose(disposing);
        }

        private PublicError Mismatch(string fact) =>
            new(ErrorId.DigestMismatch, $"The blob {descriptor.Digest} is not what was announced: {fact}.");
    }
}
