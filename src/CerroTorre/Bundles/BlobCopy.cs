using System.Buffers;
using System.Security.Cryptography;
using Oci;

namespace CerroTorre.Bundles;

/// <summary>
/// Copies one blob and hashes it on the way: its own digest, and (when asked) the digest of the whole file that it lies
/// in. The two hashes run beside each other and beside the next read, so that a copy costs about one hash.
/// </summary>
internal static class BlobCopy
{
    private const int BufferSize = 1024 * 1024;
    private const int WorthAThread = 64 * 1024;

    /// <summary>
    /// Copies exactly <paramref name="size"/> bytes and returns their digest, or null when <paramref name="from"/> ends
    /// before; never reads past them.
    /// </summary>
    public static async ValueTask<Digest?> CopyAsync(
        Stream from,
        long size,
        Stream to,
        IncrementalHash? whole,
        IProgress<long>? progress,
        CancellationToken cancellationToken
    )
    {
        using var own = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var length = (int)Math.Min(BufferSize, Math.Max(size, 1));
        var current = ArrayPool<byte>.Shared.Rent(length);
        var next = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            var left = size;
            var filled = await FillAsync(from, current, length, left, cancellationToken);
            while (left > 0)
            {
                if (filled < Math.Min(length, left))
                    return null;
                left -= filled;
                var chunk = current.AsMemory(0, filled);
                var hashing = HashBeside(whole, chunk, cancellationToken);
                var reading = left > 0 ? FillAsync(from, next, length, left, cancellationToken) : Task.FromResult(0);
                try
                {
                    own.AppendData(chunk.Span);
                    await to.WriteAsync(chunk, cancellationToken);
                }
                finally
                {
                    // The buffers go back to the pool: nobody may still be using them, whatever happened.
                    await Task.WhenAll(hashing, reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
                await hashing;
                filled = await reading;
                progress?.Report(chunk.Length);
                (current, next) = (next, current);
            }
            return Digest.FromHash(own.GetHashAndReset());
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(current);
            ArrayPool<byte>.Shared.Return(next);
        }
    }

    private static Task HashBeside(
        IncrementalHash? whole,
        ReadOnlyMemory<byte> chunk,
        CancellationToken cancellationToken
    )
    {
        if (whole is null)
            return Task.CompletedTask;
        if (chunk.Length >= WorthAThread)
            return Task.Run(() => whole.AppendData(chunk.Span), cancellationToken);
        whole.AppendData(chunk.Span);
        return Task.CompletedTask;
    }

    private static async Task<int> FillAsync(
        Stream from,
        byte[] buffer,
        int length,
        long left,
        CancellationToken cancellationToken
    )
    {
        var wanted = (int)Math.Min(length, left);
        return await from.ReadAtLeastAsync(
            buffer.AsMemory(0, wanted),
            wanted,
            throwOnEndOfStream: false,
            cancellationToken
        );
    }
}
