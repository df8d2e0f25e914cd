using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Oci.Errors;
using Vordr.Client;
using Vordr.Client.Containers;

namespace Vordr.Server.Tests;

/// <summary>The client that the gateway uses, against the server that it talks to.</summary>
public sealed class ClientTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task Server_that_was_never_there_is_unreachable_at_once()
    {
        await using var client = new VordrClient(
            new VordrClientOptions { Endpoint = VordrEndpoint.Unix("/nonexistent/mcp.sock") }
        );

        await ShouldBeUnreachable(client);
    }

    [Fact]
    public async Task Server_that_went_away_is_unreachable_at_once_and_back_without_a_new_client()
    {
        await using var server = await ServerFixture.StartAsync();
        await server.Client.ListAsync(new ListRequest(), CallContext.None, CancellationToken.None);

        await server.StopAsync();
        await ShouldBeUnreachable(server.Client);
        await server.RestartAsync();

        var list = await server.Client.ListAsync(new ListRequest(), CallContext.None, CancellationToken.None);
        list.Containers.Should().BeEmpty();
    }

    [Fact]
    public async Task Port_where_nobody_listens_is_unreachable_at_once()
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0)); // bound, not listening: connections are refused
        var port = ((IPEndPoint)taken.LocalEndPoint!).Port;
        await using var client = new VordrClient(
            new VordrClientOptions { Endpoint = VordrEndpoint.Parse($"http://127.0.0.1:{port}", "t") }
        );

        await ShouldBeUnreachable(client);
    }

    [Fact]
    public async Task Server_that_never_answers_is_given_up_at_the_deadline()
    {
        using var directory = new TemporaryDirectory();
        var path = Path.Join(directory.Path, "s");
        using var silent = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        silent.Bind(new UnixDomainSocketEndPoint(path));
        silent.Listen();
        await using var client = new VordrClient(
            new VordrClientOptions { Endpoint = VordrEndpoint.Unix(path), Timeout = TimeSpan.FromMilliseconds(200) }
        );

        var call = () => client.ListAsync(new ListRequest(), CallContext.None, CancellationToken.None);

        (await call.Should().ThrowAsync<PublicError>()).Which.Id.Should().Be(ErrorId.Deadline);
    }

    [Fact]
    public async Task Wrong_token_is_told_as_that()
    {
        await using var server = await ServerFixture.StartAsync();
        await using var client = new VordrClient(
            new VordrClientOptions { Endpoint = VordrEndpoint.Http(server.Address, "wrong") }
        );

        var call = () => client.ListAsync(new ListRequest(), CallContext.None, CancellationToken.None);

        (await call.Should().ThrowAsync<PublicError>()).Which.Id.Should().Be(ErrorId.Unauthenticated);
    }

    [Fact]
    public async Task Token_opens_the_port()
    {
        await using var server = await ServerFixture.StartAsync();
        await using var client = new VordrClient(
            new VordrClientOptions { Endpoint = VordrEndpoint.Http(server.Address, server.Token) }
        );

        var list = await client.ListAsync(new ListRequest { All = true }, CallContext.None, CancellationToken.None);

        list.Containers.Should().BeEmpty();
    }

    [Fact]
    public async Task Refusal_comes_back_as_the_error_it_was()
    {
        await using var server = await ServerFixture.StartAsync();

        var call = () =>
            server.Client.InspectAsync(
                new InspectRequest { Container = "nobody" },
                CallContext.None,
                CancellationToken.None
            );

        var error = (await call.Should().ThrowAsync<PublicError>()).Which;
        error.Id.Should().Be(ErrorId.ContainerNotFound);
        error.Message.Should().Contain("nobody");
    }

    [Fact]
    public async Task Cancellation_is_the_callers_own()
    {
        await using var server = await ServerFixture.StartAsync();

        var call = () =>
            server.Client.ListAsync(new ListRequest(), CallContext.None, new CancellationToken(canceled: true));

        await call.Should().ThrowAsync<OperationCanceledException>();
    }

    private static async Task ShouldBeUnreachable(VordrClient client)
    {
        var began = Stopwatch.GetTimestamp();
        var call = () => client.ListAsync(new ListRequest(), CallContext.None, CancellationToken.None);

        (await call.Should().ThrowAsync<PublicError>()).Which.Id.Should().Be(ErrorId.RuntimeUnreachable);
        Stopwatch.GetElapsedTime(began).Should().BeLessThan(Soon);
    }
}
