using System.Globalization;
using CerroTorre.Packing;

namespace CerroTorre.Cli.Hosting;

/// <summary>One line on a terminal that says what takes so long; silent for the first two seconds and in a pipe.</summary>
internal sealed class ProgressLine : IProgress<PackProgress>, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly CtHost _host;
    private readonly long _started;
    private readonly Lock _lock = new();
    private long _shown;
    private string _step = "";
    private long _bytes;
    private bool _isVisible;

    private ProgressLine(CtHost host)
    {
        _host = host;
        _started = _shown = host.Clock.GetTimestamp();
    }

    /// <summary>A line for this host; null where nobody would see it.</summary>
    public static ProgressLine? For(CtHost host, bool asJson) =>
        host.IsInteractive && !asJson ? new ProgressLine(host) : null;

    /// <inheritdoc/>
    public void Report(PackProgress value)
    {
        lock (_lock)
        {
            if (_step != value.Step)
                (_step, _bytes) = (value.Step, 0);
            _bytes += value.Bytes;
            if (_host.Clock.GetElapsedTime(_started) < Patience || _host.Clock.GetElapsedTime(_shown) < Interval)
                return;
            _shown = _host.Clock.GetTimestamp();
            _isVisible = true;
            var seconds = (int)_host.Clock.GetElapsedTime(_started).TotalSeconds;
            _host.Error.Write(
                $"\r\u001b[K  {_step}: {Sizes.Text(_bytes)}, {seconds.ToString(CultureInfo.InvariantCulture)}s"
            );
        }
    }

    /// <summary>Takes the line away.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_isVisible)
                _host.Error.Write("\r\u001b[K");
        }
    }
}

/// <summary>Sizes for people.</summary>
internal static class Sizes
{
    private static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB"];

    /// <summary>E.g. <c>12.3 MiB</c>.</summary>
    public static string Text(long bytes)
    {
        var value = (double)bytes;
        var unit = 0;
        while (value >= 1024 && unit < Units.Length - 1)
        {
            value /= 1024;
            unit++;
        }
        return string.Create(CultureInfo.InvariantCulture, $"{value:0.#} {Units[unit]}");
    }
}
