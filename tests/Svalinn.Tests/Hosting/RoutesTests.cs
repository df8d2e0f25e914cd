using Svalinn.Authentication;
using Svalinn.Tests.Stage;

namespace Svalinn.Tests.Hosting;

public sealed class RoutesTests
{
    [Theory]
    [InlineData("/nothing")]
    [InlineData("/api/v2/containers")]
    [InlineData("/api/v1")]
    [InlineData("/containers/web/nothing")]
    [InlineData("/")]
    public async Task Unknown_path_is_a_problem_404(string path)
    {
        await using var gateway = await TestGateway.StartAsync();

        (await gateway.GetAsync(path)).IsProblem(404, "ERR_NOT_FOUND");
    }

    [Theory]
    [InlineData("DELETE", "/containers", "GET")]
    [InlineData("PUT", "/health", "GET")]
    [InlineData("GET", "/run", "POST")]
    [InlineData("PATCH", "/api/v1/verify", "POST")]
    public async Task Wrong_method_is_a_problem_405_that_says_the_right_one(string method, string path, string allowed)
    {
        await using var gateway = await TestGateway.StartAsync();

        var answer = await gateway.SendAsync(new HttpMethod(method), path, Role.Admin);

        answer.IsProblem(405, "ERR_USAGE");
        answer.Message.Content.Headers.Allow.Should().Contain(allowed);
    }

    [Fact]
    public async Task Every_answer_carries_the_security_headers_and_no_server_name()
    {
        await using var gateway = await TestGateway.StartAsync();

        foreach (var path in new[] { "/health", "/nothing", "/containers" })
        {
            var headers = (await gateway.GetAsync(path, role: null)).Message.Headers;
            headers.GetValues("X-Content-Type-Options").Should().Equal("nosniff");
            headers.GetValues("X-Frame-Options").Should().Equal("DENY");
            headers.GetValues("Referrer-Policy").Should().Equal("no-referrer");
            headers.GetValues("Content-Security-Policy").Single().Should().StartWith("default-src 'none'");
            headers.Contains("Permissions-Policy").Should().BeTrue();
            headers.Contains("Server").Should().BeFalse();
        }
    }

    [Theory]
    [InlineData("/containers?al=true", "al")]
    [InlineData("/containers?all=perhaps", "all")]
    [InlineData("/containers?limit=0", "limit")]
    [InlineData("/containers?all=true&all=false", "all")]
    [InlineData("/containers/web/logs?tail=-1", "tail")]
    [InlineData("/containers/web/logs?since=yesterday", "since")]
    [InlineData("/images?x=1", "x")]
    public async Task Query_that_is_not_understood_is_refused_by_name(string path, string parameter)
    {
        await using var gateway = await TestGateway.StartAsync();

        var problem = (await gateway.GetAsync(path)).IsProblem(400, "ERR_USAGE");

        problem["detail"]!.GetValue<string>().Should().Contain($"'{parameter}'");
        gateway.Vordr.Calls.Should().BeEmpty();
    }

    [Theory]
    [InlineData("..%2F..%2Fetc")]
    [InlineData("%00")]
    [InlineData("-rf")]
    [InlineData("a%20b")]
    [InlineData("%0Alog")]
    public async Task Path_that_names_no_container_goes_nowhere(string id)
    {
        await using var gateway = await TestGateway.StartAsync();

        var answer = await gateway.GetAsync($"/containers/{id}");

        answer.Status.Should().BeOneOf(400, 404);
        answer.ContentType.Should().BeOneOf("application/problem+json", null);
        gateway.Vordr.Calls.Should().BeEmpty();
    }
}
