using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Vordr.Client;

namespace Vordr.Server.Tests;

/// <summary>A server over an engine of its own, in a directory of its own, listening on a socket and a free port.</summary>
internal sealed class ServerFixture : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private RunningServer? _server;
    private Engine? _engine;

    private ServerFixture() { }

    public string SocketPath => Path.Join(_directory.Path, "run", "mcp.sock");

    public string TokenFile => Path.Join(_directory.Path, "token");

    public string Root => Path.Join(_directory.Path, "root");

    /// <summary>The messages that the server logged.</summary>
    public RecordingLog Log { get; } = new();

    public Uri Address { get; private set; } = new("http://localhost/");

    public string Token => File.ReadAllText(TokenFile).Trim();

    public VordrClient Client { get; private set; } = null!;

    public static async Task<ServerFixture> StartAsync(Func<ServeOptions, ServeOptions>? configure = null)
    {
        var fixture = new ServerFixture();
        await fixture.RestartAsync(configure);
        fixture.Client = fixture.NewClient();
        return fixture;
    }

    public VordrClient NewClient() => new(new VordrClientOptions { Endpoint = VordrEndpoint.Unix(SocketPath) });

    /// <summary>A plain HTTP client over the unix socket.</summary>
    public HttpClient SocketHttp() =>
        new(
            new SocketsHttpHandler
            {
                ConnectCallback = async (_, cancellation) =>
                {
                    var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint(SocketPath), cancellation);
                    return new NetworkStream(socket, ownsSocket: true);
                },
            }
        )
        {
            BaseAddress = new Uri("http://localhost/"),
        };

    /// <summary>A plain HTTP client over TCP, with the token or without.</summary>
    public HttpClient TcpHttp(bool withToken)
    {
        var http = new HttpClient { BaseAddress = Address };
        if (withToken)
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        return http;
    }

    public async Task StopAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        if (_engine is not null)
            await _engine.DisposeAsync();
        (_server, _engine) = (null, null);
    }

    public async Task RestartAsync(Func<ServeOptions, ServeOptions>? configure = null)
    {
        await StopAsync();
        _engine = Engine.Open(
            new EngineOptions
            {
                Root = Root,
                RunRoot = Path.Join(_directory.Path, "run"),
                ConfigDirectory = Path.Join(_directory.Path, "config"),
            }
        );
        var options = new ServeOptions
        {
            SocketPath = SocketPath,
            Port = 0,
            TokenFile = TokenFile,
            SocketGroup = "no-such-group",
            LogProvider = Log,
        };
        _server = await RunningServer.StartAsync(
            _engine,
            configure?.Invoke(options) ?? options,
            CancellationToken.None
        );
        Address = new Uri(
            _server.Addresses.FirstOrDefault(address => address.StartsWith("http", StringComparison.Ordinal))
                ?? "http://localhost/"
        );
    }

    public async ValueTask DisposeAsync()
    {
        if (Client is not null)
            await Client.DisposeAsync();
        await StopAsync();
        _directory.Dispose();
    }
}

/// <summary>A directory that is gone at the end.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("vordr-server-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

/// <summary>Keeps what is logged.</summary>
internal sealed class RecordingLog : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> _messages = [];

    public IEnumerable<string> Messages => _messages;

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    ) => _messages.Enqueue($"{logLevel} {formatter(state, exception)} {exception}");

    public void Dispose() { }
}
