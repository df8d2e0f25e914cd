using Oci.Errors;
using Svalinn.Bundles;

namespace Svalinn.Limits;

/// <summary>A body of unannounced length: refused where it passes the limit, readable beyond it for whoever drains it.</summary>
internal sealed class LimitedBody(Stream source, long limit) : ForwardStream
{
    private long _read;

    /// <summary>The body itself.</summary>
    public Stream Source => source;

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await source.ReadAsync(buffer, cancellationToken);
        _read += read;
        return _read <= limit
            ? read
            : throw new PublicError(
                ErrorId.TooLarge,
                $"The request body is too large: at most {limit} bytes are taken here."
            );
    }
}
