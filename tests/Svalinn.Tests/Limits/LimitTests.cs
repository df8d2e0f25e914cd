using Microsoft.Extensions.Time.Testing;
using Svalinn.Limits;
using Svalinn.Tests.Stage;

namespace Svalinn.Tests.Limits;

public sealed class LimitTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 24, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public void Bucket_lets_a_burst_through_and_then_the_rate()
    {
        var buckets = new TokenBuckets(new Rate(10, 3), _time);

        for (var i = 0; i < 3; i++)
            buckets.Take("a").Should().BeNull();
        buckets.Take("a").Should().Be(TimeSpan.FromMilliseconds(100));
        buckets.Take("b").Should().BeNull("each has its own");
        _time.Advance(TimeSpan.FromMilliseconds(100));
        buckets.Take("a").Should().BeNull();
        buckets.Take("a").Should().NotBeNull();
    }

    [Fact]
    public void Idle_bucket_never_holds_more_than_the_burst()
    {
        var buckets = new TokenBuckets(new Rate(10, 2), _time);
        buckets.Take("a");
        _time.Advance(TimeSpan.FromHours(1));

        buckets.Take("a").Should().BeNull();
        buckets.Take("a").Should().BeNull();
        buckets.Take("a").Should().NotBeNull();
    }

    [Fact]
    public void Flood_of_addresses_shares_one_bucket_once_the_table_is_full()
    {
        var buckets = new TokenBuckets(new Rate(1, 2), _time);
        for (var i = 0; i < 65_536; i++)
            buckets.Take($"address {i}").Should().BeNull();

        buckets.Take("new 1").Should().BeNull();
        buckets.Take("new 2").Should().BeNull();
        buckets.Take("new 3").Should().NotBeNull();
        _time.Advance(TimeSpan.FromSeconds(2));
        buckets.Take("new 4").Should().BeNull("idle buckets made room");
    }

    [Fact]
    public async Task Address_past_its_rate_is_told_when_to_come_back()
    {
        await using var gateway = await TestGateway.StartAsync(options =>
            options with
            {
                Limits = options.Limits with { ByAddress = new Rate(0.1, 2) },
            }
        );
        (await gateway.GetAsync("/health", role: null)).Is(200);
        (await gateway.GetAsync("/health", role: null)).Is(200);

        var answer = await gateway.GetAsync("/health", role: null);

        answer.IsProblem(429, "ERR_RATE_LIMITED");
        answer.Message.Headers.RetryAfter!.Delta.Should().BeCloseTo(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(1));
        answer.Message.Headers.GetValues("RateLimit-Policy").Single().Should().Be("\"address\";q=2;w=20");
    }

    [Fact]
    public async Task Principal_is_limited_by_itself()
    {
        await using var gateway = await TestGateway.StartAsync(options =>
            options with
            {
                Limits = options.Limits with { ByPrincipal = new Rate(0.1, 1) },
            }
        );
        (await gateway.GetAsync("/policies")).Is(200);

        (await gateway.GetAsync("/policies")).IsProblem(429, "ERR_RATE_LIMITED");
        (await gateway.GetAsync("/policies", Svalinn.Authentication.Role.Operator)).Is(200);
    }
}
