using System.Net;
using Vordr.Client.Bundles;

namespace Vordr.Client;

/// <summary>A request body that is read once from a stream which stays its owner's.</summary>
internal sealed class OneWayContent : HttpContent
{
    private const int BufferSize = 128 * 1024;

    private readonly Stream _source;
    private readonly long? _length;

    public OneWayContent(Stream source, long? length)
    {
        _source = source;
        _length = length;
        Headers.ContentType = new(BundleUpload.MediaType);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(
        Stream stream,
        TransportContext? context,
        CancellationToken cancellationToken
    ) => _source.CopyToAsync(stream, BufferSize, cancellationToken);

    protected override bool TryComputeLength(out long length)
    {
        length = _length ?? 0;
        return _length is not null;
    }
}
