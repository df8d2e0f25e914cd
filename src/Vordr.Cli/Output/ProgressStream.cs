namespace Vordr.Cli.Output;

/// <summary>Tells on a terminal how much of a file was read, once that takes longer than two seconds.</summary>
internal sealed class ProgressStream : Stream
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly FileStream _file;
    private readonly string _name;
    private readonly Shell _shell;
    private readonly long _began;
    private TimeSpan _next = Patience;
    private bool _shown;

    public ProgressStream(FileStream file, string name, Shell shell)
    {
        (_file, _name, _shell) = (file, name, shell);
        _began = shell.Time.GetTimestamp();
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => _file.Length;

    public override long Position
    {
        get => _file.Position;
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var read = _file.Read(buffer);
        Tell();
        return read;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await _file.ReadAsync(buffer, cancellationToken);
        Tell();
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            if (_shown)
                _shell.Error.Write("\r\u001b[K");
            _file.Dispose();
        }
        base.Dispose(disposing);
    }

    private void Tell()
    {
        var elapsed = _shell.Time.GetElapsedTime(_began);
        if (elapsed < _next)
            return;
        _next = elapsed + Interval;
        _shown = true;
        var percent = _file.Length == 0 ? 100 : _file.Position * 100 / _file.Length;
        _shell.Error.Write($"\r{Words.Printable(_name)}: {percent} % of {Words.Size(_file.Length)}\u001b[K");
    }
}
