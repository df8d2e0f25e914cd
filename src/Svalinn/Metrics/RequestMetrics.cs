using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace Svalinn.Metrics;

/// <summary>
/// Counters that <c>GET /metrics</c> shows as Prometheus text (exposition format 0.0.4). Labels are route patterns,
/// known methods and registered codes, so their number is bounded whatever callers send.
/// </summary>
internal sealed class RequestMetrics
{
    private static readonly double[] Bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private readonly ConcurrentDictionary<(string Method, string Route, int Status), Counter> _requests = new();
    private readonly ConcurrentDictionary<string, Histogram> _durations = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Operation, string Code), Counter> _verdicts = new();

    /// <summary>Counts one answered request.</summary>
    public void Observe(string method, string route, int status, TimeSpan elapsed)
    {
        _requests.GetOrAdd((KnownMethod(method), route, status), static _ => new Counter()).Increment();
        _durations.GetOrAdd(route, static _ => new Histogram()).Observe(elapsed.TotalSeconds);
    }

    /// <summary>Counts one verdict: its code, or <c>ALLOWED</c>.</summary>
    public void ObserveVerdict(string operation, string? code) =>
        _verdicts.GetOrAdd((operation, code ?? "ALLOWED"), static _ => new Counter()).Increment();

    /// <summary>The exposition.</summary>
    public string Render(bool runtimeUp)
    {
        var text = new StringBuilder(4096);
        text.Append("# HELP svalinn_requests_total Requests answered.\n# TYPE svalinn_requests_total counter\n");
        foreach (var ((method, route, status), counter) in _requests.OrderBy(pair => pair.Key))
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"svalinn_requests_total{{method=\"{method}\",route=\"{route}\",status=\"{status}\"}} {counter.Value}\n"
            );
        }
        text.Append(
            "# HELP svalinn_request_duration_seconds Time from the first byte read to the answer.\n"
                + "# TYPE svalinn_request_duration_seconds histogram\n"
        );
        foreach (var (route, histogram) in _durations.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            histogram.Render(text, route);
        text.Append("# HELP svalinn_verdicts_total Verdicts given, by code.\n# TYPE svalinn_verdicts_total counter\n");
        foreach (var ((operation, code), counter) in _verdicts.OrderBy(pair => pair.Key))
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"svalinn_verdicts_total{{operation=\"{operation}\",code=\"{code}\"}} {counter.Value}\n"
            );
        }
        text.Append("# HELP svalinn_runtime_up Whether Vörðr answered last.\n# TYPE svalinn_runtime_up gauge\n");
        text.Append(CultureInfo.InvariantCulture, $"svalinn_runtime_up {(runtimeUp ? 1 : 0)}\n");
        return text.ToString();
    }

    private static string KnownMethod(string method) =>
        method is "GET" or "HEAD" or "POST" or "PUT" or "DELETE" or "PATCH" or "OPTIONS" ? method : "other";

    private sealed class Counter
    {
        private long _value;

        public long Value => Interlocked.Read(ref _value);

        public void Increment() => Interlocked.Increment(ref _value);
    }

    private sealed class Histogram
    {
        private readonly long[] _buckets = new long[Bounds.Length + 1];
        private long _sumMicroseconds;

        public void Observe(double seconds)
        {
            var bucket = 0;
            while (bucket < Bounds.Length && seconds > Bounds[bucket])
                bucket++;
            Interlocked.Increment(ref _buckets[bucket]);
            Interlocked.Add(ref _sumMicroseconds, (long)(seconds * 1e6));
        }

        public void Render(StringBuilder text, string route)
        {
            const string Name = "svalinn_request_duration_seconds";
            long count = 0;
            for (var i = 0; i <= Bounds.Length; i++)
            {
                count += Interlocked.Read(ref _buckets[i]);
                var bound = i < Bounds.Length ? Bounds[i].ToString(CultureInfo.InvariantCulture) : "+Inf";
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"{Name}_bucket{{route=\"{route}\",le=\"{bound}\"}} {count}\n"
                );
            }
            var sum = Interlocked.Read(ref _sumMicroseconds) / 1e6;
            text.Append(CultureInfo.InvariantCulture, $"{Name}_sum{{route=\"{route}\"}} {sum}\n");
            text.Append(CultureInfo.InvariantCulture, $"{Name}_count{{route=\"{route}\"}} {count}\n");
        }
    }
}
