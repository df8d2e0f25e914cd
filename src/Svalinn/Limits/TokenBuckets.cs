using System.Collections.Concurrent;

namespace Svalinn.Limits;

/// <summary>How much is let through.</summary>
/// <param name="PerSecond">Tokens that come back each second.</param>
/// <param name="Burst">Tokens of a full bucket.</param>
internal sealed record Rate(double PerSecond, int Burst);

/// <summary>
/// Token buckets by key. A bucket is one number, the time at which it would be full again (the generic cell rate
/// algorithm), so idle buckets are those whose time has passed, and forgetting them changes nothing. The table is
/// bounded: above its limit idle buckets are swept, and while there is no room new keys share one bucket.
/// </summary>
internal sealed class TokenBuckets(Rate rate, TimeProvider time)
{
    private const int MaximumKeys = 65_536;
    private const string Overflow = "";

    private readonly ConcurrentDictionary<string, long> _fullAt = new(StringComparer.Ordinal);
    private readonly long _ticksPerToken = (long)(TimeSpan.TicksPerSecond / rate.PerSecond);
    private readonly long _ticksPerBurst = (long)(TimeSpan.TicksPerSecond / rate.PerSecond * rate.Burst);
    private long _sweptAt;

    /// <summary>Takes a token of <paramref name="key"/>.</summary>
    /// <returns>Null when there was one, else how long it takes until there is.</returns>
    public TimeSpan? Take(string key)
    {
        var now = time.GetUtcNow().UtcTicks;
        if (_fullAt.Count >= MaximumKeys && !_fullAt.ContainsKey(key) && !Sweep(now))
            key = Overflow;
        while (true)
        {
            var known = _fullAt.TryGetValue(key, out var fullAt);
            var next = Math.Max(fullAt, now) + _ticksPerToken;
            if (next - now > _ticksPerBurst)
                return TimeSpan.FromTicks(next - now - _ticksPerBurst);
            if (known ? _fullAt.TryUpdate(key, next, fullAt) : _fullAt.TryAdd(key, next))
                return null;
        }
    }

    /// <summary>Forgets idle buckets, at most once a second.</summary>
    /// <returns>Whether there is room.</returns>
    private bool Sweep(long now)
    {
        var last = Interlocked.Read(ref _sweptAt);
        if (now - last > TimeSpan.TicksPerSecond && Interlocked.CompareExchange(ref _sweptAt, now, last) == last)
        {
            foreach (var pair in _fullAt)
            {
                if (pair.Value <= now)
                    _fullAt.TryRemove(pair);
            }
        }
        return _fullAt.Count < MaximumKeys;
    }
}
