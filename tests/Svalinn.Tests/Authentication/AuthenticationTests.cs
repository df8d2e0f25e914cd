using System.Net.Http.Headers;
using Microsoft.Extensions.Time.Testing;
using Oci.Errors;
using Svalinn.Authentication;
using Svalinn.Hosting;
using Svalinn.Tests.Stage;

namespace Svalinn.Tests.Authentication;

public sealed class AuthenticationTests
{
    private static async Task<Answer> GetWithAsync(TestGateway gateway, string? authorization)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/containers");
        if (authorization is not null)
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        return await gateway.SendAsync(request);
    }

    [Fact]
    public async Task Request_without_a_key_is_refused_and_nothing_goes_down()
    {
        await using var gateway = await TestGateway.StartAsync();

        var answer = await gateway.GetAsync("/containers", role: null);

        answer.IsProblem(401, "ERR_UNAUTHENTICATED");
        answer.Message.Headers.WwwAuthenticate.ToString().Should().StartWith("Bearer");
        gateway.Vordr.Calls.Should().BeEmpty();
    }

    [Theory]
    [InlineData("Bearer ")]
    [InlineData("Bearer sv_")]
    [InlineData("Bearer none")]
    [InlineData("Basic c3Y6c3Y=")]
    [InlineData("Bearer sv_0123456789abcdef_0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    [InlineData("Bearer sv_0123456789ABCDEF_0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    public async Task Anything_but_a_known_key_is_refused(string authorization)
    {
        await using var gateway = await TestGateway.StartAsync();

        (await GetWithAsync(gateway, authorization)).IsProblem(401, "ERR_UNAUTHENTICATED");
    }

    [Fact]
    public async Task Right_id_with_a_secret_that_differs_in_one_digit_is_refused()
    {
        await using var gateway = await TestGateway.StartAsync();
        var key = await gateway.KeyAsync(Role.Viewer);
        var wrong = key[..^1] + (key[^1] == '0' ? '1' : '0');

        (await GetWithAsync(gateway, $"Bearer {wrong}")).IsProblem(401, "ERR_UNAUTHENTICATED");
    }

    [Fact]
    public async Task Two_authorization_headers_are_refused()
    {
        await using var gateway = await TestGateway.StartAsync();
        var key = await gateway.KeyAsync(Role.Viewer);

        (await GetWithAsync(gateway, $"Bearer {key}, Bearer {key}")).IsProblem(401, "ERR_UNAUTHENTICATED");
    }

    [Fact]
    public async Task Revoked_key_is_refused_from_the_next_request_on()
    {
        await using var gateway = await TestGateway.StartAsync();
        var key = await gateway.KeyAsync(Role.Viewer);
        (await gateway.GetAsync("/policies")).Is(200);

        (await gateway.Keys.RevokeAsync(key.Split('_')[1], CancellationToken.None)).Should().BeTrue();

        (await gateway.GetAsync("/policies")).IsProblem(401, "ERR_UNAUTHENTICATED");
        (await gateway.Keys.RevokeAsync(key.Split('_')[1], CancellationToken.None)).Should().BeFalse();
    }

    [Fact]
    public async Task Expired_key_is_refused()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 24, 0, 0, 0, TimeSpan.Zero));
        await using var gateway = await TestGateway.StartAsync(options => options with { Time = time });
        var key = ApiKey.Generate();
        await gateway.Keys.AddAsync(key, "short", Role.Viewer, time.GetUtcNow().AddHours(1), CancellationToken.None);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/policies");
        (await WithKeyAsync()).Is(200);

        time.Advance(TimeSpan.FromHours(1));

        (await WithKeyAsync()).IsProblem(401, "ERR_UNAUTHENTICATED");

        Task<Answer> WithKeyAsync() =>
            gateway.SendAsync(
                new HttpRequestMessage(HttpMethod.Get, "/policies")
                {
                    Headers = { Authorization = new AuthenticationHeaderValue("Bearer", key.Text) },
                }
            );
    }

    [Fact]
    public async Task Failed_logins_are_limited_while_a_good_key_still_passes()
    {
        await using var gateway = await TestGateway.StartAsync();
        const string guess = "Bearer sv_0123456789abcdef_guess";
        for (var i = 0; i < 10; i++)
            (await GetWithAsync(gateway, guess)).IsProblem(401, "ERR_UNAUTHENTICATED");

        var limited = await GetWithAsync(gateway, guess);

        limited.IsProblem(429, "ERR_RATE_LIMITED");
        limited.Message.Headers.RetryAfter.Should().NotBeNull();
        limited.Message.Headers.GetValues("RateLimit").Should().ContainSingle();
        (await gateway.GetAsync("/policies")).Is(200);
    }

    [Fact]
    public async Task Secrets_are_neither_in_the_database_nor_in_the_log()
    {
        await using var gateway = await TestGateway.StartAsync();
        var key = await gateway.KeyAsync(Role.Viewer);
        (await gateway.GetAsync("/policies")).Is(200);
        (await GetWithAsync(gateway, $"Bearer {key}x")).Is(401);
        var secret = key.Split('_')[2];

        gateway.Log.Lines.Should().NotContain(line => line.Contains(secret, StringComparison.Ordinal));
        foreach (var file in Directory.EnumerateFiles(gateway.StatePath))
            Convert
                .ToHexString(await ReadSharedAsync(file))
                .Should()
                .NotContain(Convert.ToHexString(System.Text.Encoding.ASCII.GetBytes(secret)));
    }

    [Fact]
    public async Task No_auth_beyond_this_host_is_refused_before_anything_listens()
    {
        var start = () =>
            TestGateway.StartAsync(options =>
                options with
                {
                    NoAuthentication = true,
                    Listen = [ListenAddress.Parse("0.0.0.0:0")],
                }
            );

        (await start.Should().ThrowAsync<PublicError>()).Which.Id.Should().Be(ErrorId.Config);
    }

    [Theory]
    [InlineData("evil.example", null)]
    [InlineData("127.0.0.1.nip.io", null)]
    [InlineData("localhost", "https://evil.example")]
    [InlineData("localhost", "null")]
    public async Task No_auth_serves_no_web_page(string host, string? origin)
    {
        await using var gateway = await TestGateway.StartAsync(options => options with { NoAuthentication = true });
        using var request = new HttpRequestMessage(HttpMethod.Get, "/policies");
        request.Headers.Host = host;
        if (origin is not null)
            request.Headers.TryAddWithoutValidation("Origin", origin);

        (await gateway.SendAsync(request)).IsProblem(403, "ERR_FORBIDDEN");
    }

    [Fact]
    public async Task No_auth_on_loopback_lets_everybody_in()
    {
        await using var gateway = await TestGateway.StartAsync(options => options with { NoAuthentication = true });

        (await gateway.GetAsync("/policies", role: null)).Is(200);
    }

    private static async Task<byte[]> ReadSharedAsync(string path)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var bytes = new MemoryStream();
        await file.CopyToAsync(bytes);
        return bytes.ToArray();
    }
}
