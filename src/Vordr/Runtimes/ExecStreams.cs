using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Vordr.Linux;
using Vordr.Processes;

namespace Vordr.Runtimes;

/// <summary>The three streams of an executed process: this process's own, or captured up to a limit.</summary>
internal sealed class ExecStreams : IDisposable
{
    private readonly List<SafeFileHandle> childEnds = [];
    private readonly Capture? output;
    private readonly Capture? error;

    private ExecStreams(Dictionary<int, SafeHandle> child) => Child = child;

    private ExecStreams(ReadOnlyMemory<byte>? input, int limit)
    {
        var child = new Dictionary<int, SafeHandle>();
        Child = child;
        if (input is { } bytes)
        {
            // A file, not a pipe: nobody has to feed it, and a process that doesn't read it blocks nobody.
            var file = Descriptors.MemoryFile("stdin");
            childEnds.Add(file);
            child[0] = file;
            RandomAccess.Write(file, bytes.Span, 0);
        }
        // Pipes, not sockets: a program may open /dev/stdout.
        (output, child[1]) = Open(limit);
        (error, child[2]) = Open(limit);
    }

    /// <summary>Number in the child → descriptor.</summary>
    public IReadOnlyDictionary<int, SafeHandle> Child { get; }

    /// <summary>What was captured of the output.</summary>
    public ReadOnlyMemory<byte> Output => output?.Content ?? default;

    /// <summary>What was captured of the error output.</summary>
    public ReadOnlyMemory<byte> Error => error?.Content ?? default;

    /// <summary>Whether either went over the limit.</summary>
    public bool Truncated => output?.Truncated == true || error?.Truncated == true;

    /// <summary>This process's own streams.</summary>
    public static ExecStreams Inherited(bool input)
    {
        var child = new Dictionary<int, SafeHandle> { [1] = Own(1), [2] = Own(2) };
        if (input)
            child[0] = Own(0);
        return new(child);
    }

    /// <summary>Captured streams.</summary>
    public static ExecStreams Captured(ReadOnlyMemory<byte>? input, int limit) => new(input, limit);

    /// <summary>Closes this process's copies of what the child has, so that the end of its output is seen.</summary>
    public void CloseChildEnds()
    {
        foreach (var end in childEnds)
            end.Dispose();
        childEnds.Clear();
    }

    /// <summary>Reads until both streams end; once <paramref name="ended"/>, what is there, and no more.</summary>
    public Task CaptureAsync(ProcessWatcher watcher, CancellationToken ended) =>
        output is null || error is null
            ? Task.CompletedTask
            : Task.WhenAll(output.ReadAsync(watcher, ended), error.ReadAsync(watcher, ended));

    /// <inheritdoc/>
    public void Dispose()
    {
        CloseChildEnds();
        output?.Dispose();
        error?.Dispose();
    }

    private static SafeFileHandle Own(int number) => new(number, ownsHandle: false);

    private (Capture Ours, SafeHandle Theirs) Open(int limit)
    {
        var (read, write) = Descriptors.Pipe();
        childEnds.Add(write);
        return (new(read, limit), write);
    }

    private sealed class Capture : IDisposable
    {
        private readonly SafeFileHandle pipe;
        private readonly int limit;
        private readonly MemoryStream kept = new();

        public Capture(SafeFileHandle pipe, int limit)
        {
            this.pipe = pipe;
            this.limit = limit;
            Descriptors.SetNonBlocking(pipe);
        }

        public ReadOnlyMemory<byte> Content => kept.GetBuffer().AsMemory(0, (int)kept.Length);

        public bool Truncated { get; private set; }

        public async Task ReadAsync(ProcessWatcher watcher, CancellationToken ended)
        {
            var buffer = new byte[16 * 1024];
            while (true)
            {
                var count = Descriptors.TryRead(pipe, buffer);
                if (count == 0)
                    return;
                if (count is { } read)
                {
                    var keep = Math.Min(read, limit - (int)kept.Length);
                    kept.Write(buffer.AsSpan(0, keep));
                    Truncated |= keep < read;
                    // A flood that outlives its process isn't read to the end.
                    if (ended.IsCancellationRequested && Truncated)
                        return;
                    continue;
                }
                if (ended.IsCancellationRequested)
                    return;
                try
                {
                    await watcher.WaitReadableAsync(pipe, ended);
                }
                catch (OperationCanceledException)
                {
                    // Once more: what was written before the end.
                }
            }
        }

        public void Dispose()
        {
            pipe.Dispose();
            kept.Dispose();
        }
    }
}
