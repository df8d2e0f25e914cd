using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Oci.Errors;

namespace Vordr.Server.Tests.Listening;

public sealed class AccessTests
{
    private const string ListTools = """
        {"jsonrpc":"2.0","id":1,"method":"tools/list","params":{}}
        """;

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Bearer")]
    [InlineData("Bearer wrong")]
    [InlineData("Basic wrong")]
    public async Task Tcp_without_the_token_is_refused(string? authorization)
    {
        await using var server = await ServerFixture.StartAsync();
        using var http = server.TcpHttp(withToken: false);
        using var request = Post(ListTools);
        if (authorization is not null)
            request.Headers.TryAddWithoutValidation("Authorization", authorization);

        using var response = await http.SendAsync(request);

        response.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        response.Headers.WwwAuthenticate.ToString().Should().StartWith("Bearer");
        (await ErrorOf(response)).Should().Be("ERR_UNAUTHENTICATED");
    }

    [Theory]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Origin", "http://localhost.evil.example")]
    [InlineData("Host", "evil.example")]
    public async Task Other_origins_and_hosts_are_refused_even_with_the_token(string header, string value)
    {
        await using var server = await ServerFixture.StartAsync();
        using var http = server.TcpHttp(withToken: true);
        using var request = Post(ListTools);
        request.Headers.TryAddWithoutValidation(header, value);

        using var response = await http.SendAsync(request);

        response.StatusCode.Should().Be(HttpStatusCode.Forbidden);
        (await ErrorOf(response)).Should().Be("ERR_FORBIDDEN");
    }

    [Fact]
    public async Task Origin_is_checked_on_the_socket_too()
    {
        await using var server = await ServerFixture.StartAsync();
        using var http = server.SocketHttp();
        using var request = Post(ListTools);
        request.Headers.TryAddWithoutValidation("Origin", "https://evil.example");

        using var response = await http.SendAsync(request);

        response.StatusCode.Should().Be(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Health_answers_without_a_token_and_tells_only_that_it_answers()
    {
        await using var server = await ServerFixture.StartAsync();
        using var tcp = server.TcpHttp(withToken: false);
        using var socket = server.SocketHttp();

        var bodies = new[] { await tcp.GetStringAsync("health"), await socket.GetStringAsync("health") };

        bodies.Should().AllBe("""{"status":"ok","version":"0.1.0","service":"vordr"}""");
    }

    [Fact]
    public async Task Socket_is_for_owner_and_group_in_a_directory_of_its_own()
    {
        await using var server = await ServerFixture.StartAsync(options =>
            options with
            {
                SocketPath = options.SocketPath!.Replace("/run/", "/sockets/"),
            }
        );
        var path = server.SocketPath.Replace("/run/", "/sockets/");

        File.GetUnixFileMode(path).Should().Be(Mode("660"));
        File.GetUnixFileMode(Path.GetDirectoryName(path)!).Should().Be(Mode("750"));
    }

    [Fact]
    public async Task Directory_of_somebody_else_keeps_its_mode_and_our_own_is_closed()
    {
        await using var server = await ServerFixture.StartAsync();
        var directory = Path.GetDirectoryName(server.SocketPath)!;
        File.SetUnixFileMode(directory, Mode("755"));

        await server.RestartAsync();
        File.GetUnixFileMode(directory).Should().Be(Mode("755"));

        await server.RestartAsync(options => options with { OwnDirectory = directory });
        File.GetUnixFileMode(directory).Should().Be(Mode("750"));
    }

    [Fact]
    public async Task Second_server_on_a_socket_is_refused_and_the_first_goes_on()
    {
        await using var server = await ServerFixture.StartAsync();

        var second = () =>
            RunningServer.StartAsync(
                Engine.Open(new EngineOptions { Root = server.Root, RunRoot = server.Root + "-run" }),
                new ServeOptions
                {
                    SocketPath = server.SocketPath,
                    TokenFile = server.TokenFile,
                    LogProvider = server.Log,
                },
                CancellationToken.None
            );

        (await second.Should().ThrowAsync<PublicError>()).Which.Id.Should().Be(ErrorId.StateLocked);
        using var http = server.SocketHttp();
        (await http.GetAsync("health")).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Socket_left_by_a_killed_server_is_replaced()
    {
        await using var server = await ServerFixture.StartAsync();
        await server.StopAsync();
        await File.WriteAllTextAsync(server.SocketPath, "");

        await server.RestartAsync();

        using var http = server.SocketHttp();
        (await http.GetAsync("health")).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("192.0.2.1")]
    [InlineData("example.org")]
    public async Task Port_beyond_loopback_is_refused(string host)
    {
        var start = async () =>
        {
            await using var server = await ServerFixture.StartAsync(options => options with { Host = host });
        };

        (await start.Should().ThrowAsync<PublicError>()).Which.Id.Should().Be(ErrorId.Config);
    }

    [Fact]
    public async Task Token_file_is_the_owners_and_stays_the_same()
    {
        await using var server = await ServerFixture.StartAsync();
        var token = server.Token;

        await server.RestartAsync();

        File.GetUnixFileMode(server.TokenFile).Should().Be(Mode("600"));
        server.Token.Should().Be(token).And.MatchRegex("^[0-9a-f]{64}$");
    }

    [Fact]
    public async Task Token_file_that_others_can_read_is_refused()
    {
        await using var server = await ServerFixture.StartAsync();
        File.SetUnixFileMode(server.TokenFile, Mode("644"));

        var restart = () => server.RestartAsync();

        (await restart.Should().ThrowAsync<PublicError>()).Which.Id.Should().Be(ErrorId.Config);
    }

    private static UnixFileMode Mode(string octal) => (UnixFileMode)Convert.ToInt32(octal, 8);

    private static HttpRequestMessage Post(string json)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "mcp")
        {
            Content = new StringContent(json, Encoding.UTF8, "application/json"),
        };
        request.Headers.Accept.ParseAdd("application/json, text/event-stream");
        return request;
    }

    private static async Task<string?> ErrorOf(HttpResponseMessage response) =>
        (string?)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["id"];
}
