using System.Security.Cryptography;
using Oci;

namespace CerroTorre.Bundles;

/// <summary>
/// Takes entries off a stream by expecting them: builds the header that must come, compares 512 bytes, reads what it
/// announced. Reads exactly what it needs, never ahead, so that whoever owns the stream can go on with the rest; keeps
/// the digest of all that it has read.
/// </summary>
internal sealed class EntryReader(Stream stream) : IDisposable
{
    private readonly IncrementalHash _whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _block = new byte[UstarHeader.BlockSize];

    /// <summary>Bytes read so far.</summary>
    public long Position { get; private set; }

    /// <summary>The content of the small entry <paramref name="name"/>, whose size only its header tells.</summary>
    public async ValueTask<byte[]> ReadAsync(
        string name,
        int limit,
        BundleFault tooLarge,
        CancellationToken cancellationToken
    )
    {
        await ReadBlockAsync(name, cancellationToken);
        if (!UstarHeader.TryReadSize(_block, out var size))
            throw Unexpected(name);
        // The name is compared before the limit: the limit of another entry would say nothing.
        if (!IsHeaderOf(name, size))
            throw Unexpected(name);
        if (size > limit)
            throw new FaultException(tooLarge, $"{name} has {size} bytes; {limit} is the limit");
        return await ReadContentAsync(name, (int)size, cancellationToken);
    }

    /// <summary>The content of the blob <paramref name="name"/>, whose size its descriptor tells.</summary>
    public async ValueTask<byte[]> ReadAsync(string name, long size, CancellationToken cancellationToken)
    {
        await ExpectAsync(name, size, cancellationToken);
        return await ReadContentAsync(name, (int)size, cancellationToken);
    }

    /// <summary>Copies the blob <paramref name="name"/> to <paramref name="sink"/> and returns its digest.</summary>
    public async ValueTask<Digest> CopyAsync(
        string name,
        long size,
        Stream sink,
        IProgress<long>? progress,
        CancellationToken cancellationToken
    )
    {
        await ExpectAsync(name, size, cancellationToken);
        var digest =
            await BlobCopy.CopyAsync(stream, size, sink, _whole, progress, cancellationToken) ?? throw Truncated(name);
        Position += size;
        await ReadPaddingAsync(name, size, cancellationToken);
        return digest;
    }

    /// <summary>The two zero blocks that end a bundle, and nothing behind them. Returns the digest of the whole file.</summary>
    public async ValueTask<Digest> ReadEndAsync(CancellationToken cancellationToken)
    {
        for (var i = 0; i < 2; i++)
        {
            await ReadBlockAsync("the end of the archive", cancellationToken);
            if (_block.AsSpan().ContainsAnyExcept((byte)0))
            {
                throw new FaultException(
                    i == 0 ? BundleFault.UnexpectedEntry : BundleFault.PaddingNotZero,
                    i == 0
                        ? $"an entry '{UstarHeader.ShownName(_block)}' follows the last blob"
                        : "the second end block is not zero"
                );
            }
        }
        if (await stream.ReadAsync(_block.AsMemory(0, 1), cancellationToken) != 0)
            throw new FaultException(BundleFault.TrailingBytes, $"bytes follow the end of the archive at {Position}");
        return Digest.FromHash(_whole.GetHashAndReset());
    }

    /// <inheritdoc/>
    public void Dispose() => _whole.Dispose();

    private async ValueTask ExpectAsync(string name, long size, CancellationToken cancellationToken)
    {
        await ReadBlockAsync(name, cancellationToken);
        if (IsHeaderOf(name, size))
            return;
        if (UstarHeader.TryReadSize(_block, out var found) && found != size && IsHeaderOf(name, found))
        {
            throw new FaultException(
                BundleFault.SizeMismatch,
                $"{name} is announced with {size} bytes and stored with {found}"
            );
        }
        throw Unexpected(name);
    }

    private async ValueTask<byte[]> ReadContentAsync(string name, int size, CancellationToken cancellationToken)
    {
        var content = new byte[size];
        await FillAsync(content, name, cancellationToken);
        await ReadPaddingAsync(name, size, cancellationToken);
        return content;
    }

    private async ValueTask ReadPaddingAsync(string name, long size, CancellationToken cancellationToken)
    {
        var padding = _block.AsMemory(0, UstarHeader.PaddingOf(size));
        await FillAsync(padding, name, cancellationToken);
        if (padding.Span.ContainsAnyExcept((byte)0))
            throw new FaultException(BundleFault.PaddingNotZero, $"the padding behind {name} is not zero");
    }

    private ValueTask ReadBlockAsync(string expected, CancellationToken cancellationToken) =>
        FillAsync(_block, expected, cancellationToken);

    private async ValueTask FillAsync(Memory<byte> buffer, string expected, CancellationToken cancellationToken)
    {
        if (buffer.Length == 0)
            return;
        var read = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        if (read < buffer.Length)
            throw Truncated(expected);
        _whole.AppendData(buffer.Span);
        Position += read;
    }

    private bool IsHeaderOf(string name, long size) => UstarHeader.Build(name, size).AsSpan().SequenceEqual(_block);

    private FaultException Unexpected(string name)
    {
        var found = UstarHeader.ShownName(_block);
        if (found == name)
            return new FaultException(
                BundleFault.HeaderMismatch,
                $"the header of {name} is not in the one form that a bundle has"
            );
        if (Position == UstarHeader.BlockSize)
            return new FaultException(
                BundleFault.NotABundle,
                $"the file is not a .ctp bundle: it doesn't begin with {name}"
            );
        return new FaultException(
            BundleFault.UnexpectedEntry,
            _block.AsSpan().ContainsAnyExcept((byte)0)
                ? $"the entry '{found}' stands where {name} must be"
                : $"the archive ends where {name} must be"
        );
    }

    private FaultException Truncated(string expected) =>
        Position == 0
            ? new FaultException(BundleFault.Truncated, "the file is empty")
            : new FaultException(BundleFault.Truncated, $"the file ends inside of {expected}");
}
