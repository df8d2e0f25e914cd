using System.Collections.Concurrent;
using System.Diagnostics;

namespace EndToEnd.Stage;

/// <summary>A server of ours as a real process: its stderr kept line by line, ended by its pid.</summary>
internal sealed class Service : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly Task _reading;
    private readonly SemaphoreSlim _arrived = new(0);

    private Service(Process process)
    {
        _process = process;
        _reading = ReadAsync(process.StandardError);
    }

    /// <summary>Every line written to stderr so far.</summary>
    public IReadOnlyList<string> Lines => [.. _lines];

    public int Pid => _process.Id;

    /// <summary>Starts it and waits for a line of its log that holds <paramref name="ready"/>.</summary>
    public static async Task<Service> StartAsync(
        string program,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string> environment,
        string ready
    )
    {
        var service = new Service(Command.Start(program, arguments, environment));
        try
        {
            await service.WaitForLineAsync(line => line.Contains(ready, StringComparison.Ordinal));
            return service;
        }
        catch
        {
            await service.DisposeAsync();
            throw;
        }
    }

    /// <summary>The first line, past or to come, that fits; fails after 20 s or when the process ends without it.</summary>
    public async Task<string> WaitForLineAsync(Func<string, bool> fits)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            if (_lines.FirstOrDefault(fits) is { } line)
                return line;
            if (_reading.IsCompleted && !_lines.Any(fits))
                throw new InvalidOperationException($"The service ended. It said:\n{string.Join('\n', _lines)}");
            try
            {
                await _arrived.WaitAsync(limit.Token);
            }
            catch (OperationCanceledException late)
            {
                throw new TimeoutException($"No such line in time. It said:\n{string.Join('\n', _lines)}", late);
            }
        }
    }

    /// <summary>SIGKILL, as an operator's OOM killer would; returns when the process is gone.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }
        await _reading;
        _process.Dispose();
        _arrived.Dispose();
    }

    private async Task ReadAsync(StreamReader stderr)
    {
        while (await stderr.ReadLineAsync() is { } line)
        {
            _lines.Enqueue(line);
            _arrived.Release();
        }
        _arrived.Release();
    }
}
