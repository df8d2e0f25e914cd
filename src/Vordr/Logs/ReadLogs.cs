using System.Runtime.CompilerServices;
using Microsoft.Win32.SafeHandles;
using Vordr.Containers;
using Vordr.Linux;
using Vordr.Processes;

namespace Vordr.Logs;

/// <summary>Reads what a container wrote: from the log that conmon keeps, and on until its end when that is wanted.</summary>
internal sealed class ReadLogs(Instance instance)
{
    private const int Chunk = 64 << 10;

    public async IAsyncEnumerable<LogLine> ExecuteAsync(
        LogsRequest request,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        var container = await new ObserveContainers(instance).OneAsync(request.Container, cancellation);
        var path = instance.Paths.Log(container.Id);
        if (!File.Exists(path))
            yield break;
        using var log = File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete);
        using var changes = request.Follow ? Inotify.WatchFile(path) : null;
        var records = new RecordReader(log, request.Tail is { } tail ? LogTail.Find(log, tail) : 0);
        while (true)
        {
            // Asked before the reading: what conmon wrote before its end is read then, and nothing comes after.
            var over = changes is null || container.Conmon?.IsAlive() != true;
            foreach (var line in records.Read())
            {
                if (request.Since is not { } since || line.At >= since)
                    yield return line;
            }
            if (over)
                yield break;
            await ChangeAsync(changes!, container.Conmon!, cancellation);
        }
    }

    // Until something is written, or conmon has ended.
    private async Task ChangeAsync(SafeFileHandle changes, ProcessIdentity conmon, CancellationToken cancellation)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var written = instance.Watcher.WaitReadableAsync(changes, either.Token);
        var ended = instance.Watcher.WaitExitAsync(conmon, either.Token);
        await Task.WhenAny(written, ended);
        await either.CancelAsync();
        await Task.WhenAll(written, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellation.ThrowIfCancellationRequested();
        Inotify.Drain(changes);
    }

    /// <summary>Cuts a growing file into records; one that has not been written to its end waits for the next reading.</summary>
    private sealed class RecordReader(SafeFileHandle log, long begin)
    {
        private long _offset = begin;
        private byte[] _buffer = new byte[Chunk];
        private int _filled;

        public IEnumerable<LogLine> Read()
        {
            while (true)
            {
                if (_filled == _buffer.Length)
                    Array.Resize(ref _buffer, _buffer.Length * 2);
                var read = RandomAccess.Read(log, _buffer.AsSpan(_filled), _offset);
                if (read == 0)
                    yield break;
                _offset += read;
                _filled += read;
                var start = 0;
                while (_buffer.AsSpan(start, _filled - start).IndexOf((byte)'\n') is >= 0 and var length)
                {
                    if (LogFormat.Parse(_buffer.AsSpan(start, length)) is { } line)
                        yield return line;
                    start += length + 1;
                }
                _buffer.AsSpan(start, _filled - start).CopyTo(_buffer);
                _filled -= start;
            }
        }
    }
}
