namespace Svalinn.Bundles;

/// <summary>
/// The caller's bytes on their way through. Remembers a failure of reading them: further down it would be told as a
/// failure of sending.
/// </summary>
internal sealed class SourceStream(Stream source) : ForwardStream
{
    /// <summary>Why the caller's bytes could not be read.</summary>
    public Exception? Fault { get; private set; }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return await source.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception exception)
        {
            Fault = exception;
            throw;
        }
    }
}
