using Oci.Errors;
using Vordr.Cli.Parsing;

namespace Vordr.Cli.Tests.Parsing;

public sealed class PointInTimeTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 20, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("")]
    [InlineData("10")]
    [InlineData("m10")]
    [InlineData("10x")]
    [InlineData("10m5")]
    [InlineData("yesterday")]
    public void What_is_no_time_is_refused_or_is_seconds_since_1970(string text)
    {
        var parse = () => PointInTime.Parse(text, new Clock());

        if (text == "10")
            parse().Should().Be(DateTimeOffset.FromUnixTimeSeconds(10));
        else
            parse.Should().Throw<PublicError>();
    }

    [Theory]
    [InlineData("10m", "2026-11-24T19:50:00Z")]
    [InlineData("1h30m", "2026-11-24T18:30:00Z")]
    [InlineData("2d", "2026-11-22T20:00:00Z")]
    [InlineData("2026-11-24T19:00:00+01:00", "2026-11-24T18:00:00Z")]
    [InlineData("2026-11-24", "2026-11-24T00:00:00Z")]
    public void Spans_count_back_from_now(string text, string time) =>
        PointInTime.Parse(text, new Clock()).Should().Be(DateTimeOffset.Parse(time));

    private sealed class Clock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Now;
    }
}
