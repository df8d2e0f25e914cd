namespace CerroTorre.Tests.Stage;

/// <summary>A pipe: gives bytes in odd pieces, can't seek, can't say how long it is.</summary>
internal sealed class ForwardOnlyStream(byte[] content) : Stream
{
    private int _position;
    private int _piece;

    /// <summary>How far it was read.</summary>
    public int BytesRead => _position;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        var piece = Math.Min(Math.Min(buffer.Length, 700 + _piece++ % 5 * 311), content.Length - _position);
        content.AsSpan(_position, piece).CopyTo(buffer);
        _position += piece;
        return piece;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(Read(buffer.Span));

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        Task.FromResult(Read(buffer.AsSpan(offset, count)));

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
