namespace Svalinn.Bundles;

/// <summary>
/// Keeps what is read through it, so that it can be read once more, followed by what is still to come. Forward only.
/// </summary>
internal sealed class RecordingStream(Stream source) : ForwardStream
{
    private readonly MemoryStream _record = new();

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await source.ReadAsync(buffer, cancellationToken);
        await _record.WriteAsync(buffer[..read], cancellationToken);
        return read;
    }

    /// <summary>What was read, and then the rest of the source. Recording ends here.</summary>
    public Stream Replay()
    {
        _record.Position = 0;
        return new Replayed(_record, source);
    }

    private sealed class Replayed(MemoryStream record, Stream source) : ForwardStream
    {
        private MemoryStream? _record = record;

        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer,
            CancellationToken cancellationToken = default
        )
        {
            if (_record is { } recorded)
            {
                var read = await recorded.ReadAsync(buffer, cancellationToken);
                if (read > 0 || buffer.IsEmpty)
                    return read;
                // The head is through; its memory is not held while the layers follow.
                await recorded.DisposeAsync();
                _record = null;
            }
            return await source.ReadAsync(buffer, cancellationToken);
        }
    }
}
