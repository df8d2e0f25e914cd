using System.Globalization;
using Oci.Errors;

namespace Vordr.Cli.Parsing;

/// <summary>A time as people type it: RFC 3339, seconds since 1970, or a span before now (<c>1h30m</c>).</summary>
internal static class PointInTime
{
    public static DateTimeOffset Parse(string text, TimeProvider clock)
    {
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds < 1L << 38)
            return DateTimeOffset.FromUnixTimeSeconds(seconds);
        if (Span(text) is { } span)
            return clock.GetUtcNow() - span;
        const DateTimeStyles utc = DateTimeStyles.AssumeUniversal;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, utc, out var time)
            ? time
            : throw new PublicError(
                ErrorId.Usage,
                $"'{text}' is not a time.",
                "--since 10m",
                "--since 2026-11-24T20:00:00Z"
            );
    }

    private static TimeSpan? Span(string text)
    {
        var (span, number) = (TimeSpan.Zero, -1L);
        foreach (var c in text)
        {
            if (char.IsAsciiDigit(c) && number < 1_000_000_000)
            {
                number = Math.Max(0, number) * 10 + (c - '0');
                continue;
            }
            if (number < 0)
                return null;
            switch (c)
            {
                case 's':
                    span += TimeSpan.FromSeconds(number);
                    break;
                case 'm':
                    span += TimeSpan.FromMinutes(number);
                    break;
                case 'h':
                    span += TimeSpan.FromHours(number);
                    break;
                case 'd':
                    span += TimeSpan.FromDays(Math.Min(number, 100_000));
                    break;
                default:
                    return null;
            }
            number = -1;
        }
        return number < 0 && span > TimeSpan.Zero ? span : null;
    }
}
