using Oci.Errors;
using Vordr.Client;
using Vordr.Client.Binding;
using Vordr.Client.Containers;
using Vordr.Client.Networks;
using Vordr.Client.Tools;

namespace Vordr.Server.Tests.Tools;

/// <summary>Calls through the gateway's client, the protocol, and the real engine, as far as no container is needed.</summary>
public sealed class CallTests
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";

    public static TheoryData<string, string> BadRequests =>
        new()
        {
            { """{}""", "/image" },
            { """{"bundle":"a:1","image":"b:1"}""", "/image" },
            { """{"image":"a:1","config":{"pid":"shared"}}""", "/config/pid" },
            { """{"image":"a:1","config":{"ports":["80:80","eighty"]}}""", "/config/ports/1" },
            { """{"image":"a:1","config":{"volumes":["etc:/x"]}}""", "/config/volumes/0" },
            { """{"image":"a:1","config":{"memory":-1}}""", "/config/memory" },
            { """{"image":"a:1","config":{"env":{"A=B":"c"}}}""", "/config/env/A=B" },
        };

    [Theory, MemberData(nameof(BadRequests))]
    public async Task Bad_request_is_told_by_pointer(string json, string pointer)
    {
        await using var server = await ServerFixture.StartAsync();
        var request = StrictBinding.Bind(System.Text.Encoding.UTF8.GetBytes(json), WireJson.Default.CreateRequest);

        var run = () => server.Client.RunAsync(request, CallContext.None, CancellationToken.None);

        var error = (await run.Should().ThrowAsync<PublicError>()).Which;
        error.Id.Should().Be(ErrorId.Usage);
        error.Pointer.Should().Be(pointer);
    }

    [Theory]
    [InlineData("""{"pid":"host"}""", "/config/pid")]
    [InlineData("""{"ipc":"host"}""", "/config/ipc")]
    [InlineData("""{"uts":"host"}""", "/config/uts")]
    [InlineData("""{"securityOpt":["seccomp=unconfined"]}""", "/config/securityOpt")]
    [InlineData("""{"securityOpt":["label=disable"]}""", "/config/securityOpt")]
    public async Task Power_that_no_policy_can_grant_is_denied(string config, string pointer)
    {
        await using var server = await ServerFixture.StartAsync();
        var request = StrictBinding.Bind(
            System.Text.Encoding.UTF8.GetBytes($$"""{"image":"a:1","config":{{config}}}"""),
            WireJson.Default.CreateRequest
        );

        var run = () => server.Client.RunAsync(request, CallContext.None, CancellationToken.None);

        var error = (await run.Should().ThrowAsync<PublicError>()).Which;
        error.Id.Should().Be(ErrorId.PolicyDenied);
        error.Pointer.Should().Be(pointer);
    }

    [Fact]
    public async Task Trace_and_principal_of_a_gateway_reach_the_log_line()
    {
        await using var server = await ServerFixture.StartAsync();
        var context = new CallContext { TraceParent = $"00-{Trace}-b7ad6b7169203331-01", Principal = "alice" };

        await server.Client.ListAsync(new ListRequest(), context, CancellationToken.None);

        server
            .Log.Messages.Should()
            .ContainSingle(line => line.Contains("vordr_ps for alice (via uid:0): ok"))
            .Which.Should()
            .Contain(Trace);
    }

    [Fact]
    public async Task Network_is_created_and_listed()
    {
        await using var server = await ServerFixture.StartAsync();

        var created = await server.Client.CreateNetworkAsync(
            new NetworkCreateRequest { Name = "lab", Subnet = "10.213.7.0/24" },
            CallContext.None,
            CancellationToken.None
        );

        created.Subnet.Should().Be("10.213.7.0/24");
        (await server.Client.NetworksAsync(CallContext.None, CancellationToken.None))
            .Networks.Should()
            .ContainSingle(network => network.Name == "lab");
    }

    [Fact]
    public async Task Raw_answer_is_the_structured_content()
    {
        await using var server = await ServerFixture.StartAsync();

        var answer = await server.Client.CallRawAsync(
            VordrTools.List,
            new ListRequest(),
            WireJson.Default.ListRequest,
            CallContext.None,
            CancellationToken.None
        );

        answer.Content.GetRawText().Should().Be("""{"containers":[]}""");
    }

    [Fact]
    public async Task Concurrent_calls_share_one_client()
    {
        await using var server = await ServerFixture.StartAsync();

        var lists = await Task.WhenAll(
            Enumerable
                .Range(0, 64)
                .Select(_ => server.Client.ListAsync(new ListRequest(), CallContext.None, CancellationToken.None))
        );

        lists.Should().AllSatisfy(list => list.Containers.Should().BeEmpty());
    }
}
