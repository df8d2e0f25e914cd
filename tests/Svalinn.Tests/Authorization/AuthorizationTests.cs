using System.Text;
using Svalinn.Authentication;
using Svalinn.Authorization;
using Svalinn.Tests.Stage;

namespace Svalinn.Tests.Authorization;

public sealed class AuthorizationTests
{
    public static TheoryData<string, string> StateChanges =>
        new()
        {
            { "POST", "/containers/create" },
            { "POST", "/containers/web/start" },
            { "POST", "/containers/web/stop" },
            { "POST", "/containers/web/exec" },
            { "DELETE", "/containers/web" },
            { "POST", "/run" },
            { "POST", "/bundles/upload" },
        };

    [Theory, MemberData(nameof(StateChanges))]
    public async Task Viewer_and_auditor_change_nothing(string method, string path)
    {
        await using var gateway = await TestGateway.StartAsync();

        foreach (var role in new[] { Role.Viewer, Role.Auditor })
        {
            var answer = await gateway.SendAsync(
                new HttpMethod(method),
                "/api/v1" + path,
                role,
                method == "POST" ? new StringContent("{}", Encoding.UTF8, "application/json") : null
            );
            answer.IsProblem(403, "ERR_FORBIDDEN");
        }
        gateway.Vordr.Calls.Should().BeEmpty();
    }

    [Theory]
    [InlineData("/containers")]
    [InlineData("/containers/web")]
    [InlineData("/containers/web/logs")]
    [InlineData("/images")]
    [InlineData("/policies")]
    [InlineData("/metrics")]
    public async Task Auditor_sees_no_containers(string path)
    {
        await using var gateway = await TestGateway.StartAsync();

        (await gateway.GetAsync(path, Role.Auditor)).IsProblem(403, "ERR_FORBIDDEN");
    }

    [Theory]
    [InlineData(Role.Viewer)]
    [InlineData(Role.Operator)]
    internal async Task Only_auditor_and_admin_read_decisions(Role role)
    {
        await using var gateway = await TestGateway.StartAsync();

        (await gateway.GetAsync("/decisions/x", role)).IsProblem(403, "ERR_FORBIDDEN");
        (await gateway.GetAsync("/decisions/x", Role.Auditor)).IsProblem(404, "ERR_NOT_FOUND");
        (await gateway.GetAsync("/decisions/x", Role.Admin)).IsProblem(404, "ERR_NOT_FOUND");
    }

    [Fact]
    public async Task Every_route_says_who_may_come_in_and_every_change_is_audited()
    {
        await using var gateway = await TestGateway.StartAsync();
        var endpoints = gateway
            .Service<Microsoft.AspNetCore.Routing.EndpointDataSource>()
            .Endpoints.OfType<Microsoft.AspNetCore.Routing.RouteEndpoint>()
            .ToArray();

        endpoints.Should().HaveCount(34, "each of 17 routes answers twice");
        foreach (var endpoint in endpoints)
        {
            var rule = endpoint.Metadata.GetMetadata<RouteRule>();
            rule.Should().NotBeNull(endpoint.DisplayName);
            var methods = endpoint
                .Metadata.GetMetadata<Microsoft.AspNetCore.Routing.IHttpMethodMetadata>()!
                .HttpMethods;
            var reads = methods.Contains("GET") || rule!.Operation == "verify";
            rule!.ChangesState.Should().Be(!reads, endpoint.DisplayName);
            if (rule.ChangesState)
                rule.Access.Should().Be(Access.Operator, endpoint.DisplayName);
        }
    }
}
