using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Server;
using Oci.Errors;
using Vordr.Client;
using Vordr.Client.Bundles;
using Vordr.Server.Listening;
using Vordr.Server.Logging;
using Vordr.Server.Tools;
using Vordr.Server.Uploads;

namespace Vordr.Server;

/// <summary>A server that answers over HTTP. Disposing it ends it and removes its socket.</summary>
internal sealed partial class RunningServer : IAsyncDisposable
{
    private const string McpPath = "/mcp";
    private const long MessageLimit = 1024 * 1024;
    private static readonly TimeSpan ShutdownTime = TimeSpan.FromSeconds(10);

    private readonly WebApplication _app;
    private readonly ListenSocket? _socket;

    private RunningServer(WebApplication app, ListenSocket? socket, IReadOnlyList<string> addresses) =>
        (_app, _socket, Addresses) = (app, socket, addresses);

    /// <summary>Where it answers: <c>unix:/path</c>, <c>http://127.0.0.1:8080</c>.</summary>
    public IReadOnlyList<string> Addresses { get; }

    /// <summary>
    /// 1. the socket and the token, before anything else may fail half-way · 2. the tools · 3. where it listens · 4. what
    /// it answers, behind the access check.
    /// </summary>
    /// <exception cref="PublicError">It can't listen where it was told to.</exception>
    public static async Task<RunningServer> StartAsync(
        Engine engine,
        ServeOptions options,
        CancellationToken cancellation
    )
    {
        if (options.SocketPath is null && options.Port is null)
            throw new PublicError(ErrorId.Config, "There is nothing to listen on.", "give --listen or --port");
        using var loggers = VordrServer.CreateLoggers(options);
        var log = loggers.CreateLogger<RunningServer>();

        var token = options.Port is null ? null : BearerToken.LoadOrMake(options.TokenFile);
        var socket = options.SocketPath is null ? null : ListenSocket.Bind(options, log);
        WebApplication? app = null;
        try
        {
            app = Build(engine, options, socket, token);
            await app.StartAsync(cancellation);
            var addresses = app.Urls.Select(url => Readable(url, options)).ToList();
            LogListening(log, VordrVersion.Text, string.Join(", ", addresses));
            if (token is not null)
                LogToken(log, token.File);
            return new RunningServer(app, socket, addresses);
        }
        catch (Exception e)
        {
            if (app is not null)
                await app.DisposeAsync();
            socket?.Dispose();
            throw e is IOException
                ? new PublicError(
                    ErrorId.Config,
                    $"Port {options.Port} of {options.Host} is taken.",
                    e,
                    "give another --port"
                )
                : e;
        }
    }

    /// <summary>Completes when the server is told to end.</summary>
    public Task WaitForEndAsync(CancellationToken cancellation) => _app.WaitForShutdownAsync(cancellation);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        _socket?.Dispose();
    }

    private static WebApplication Build(Engine engine, ServeOptions options, ListenSocket? socket, BearerToken? token)
    {
        // Nothing of the environment is read: an empty builder, and what we add.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        ServeLogging.Configure(builder.Logging, options);
        var services = builder.Services;
        services.AddRoutingCore();
        services.AddSingleton<IHostLifetime, NoLifetime>();
        services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTime);
        services.AddSingleton(options);
        services.AddSingleton(options.Time);
        services.AddSingleton<CallLog>();
        services.AddSingleton<CallerCheck>();
        services.AddSingleton<ToolHost>();

        // Clients of every revision are served without a session: a server that was restarted answers them all as if
        // nothing had been.
        services
            .AddMcpServer(VordrServer.Introduce)
            .WithHttpTransport(http => http.SessionMode = HttpServerSessionMode.Stateless);
        services.AddSingleton(provider => EngineTools.Over(engine, provider.GetRequiredService<ToolHost>()));
        services
            .AddOptions<McpServerOptions>()
            .Configure<IReadOnlyList<McpServerTool>>((settings, tools) => settings.ToolCollection = [.. tools]);

        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Listen(kestrel, options));
        if (socket is not null)
        {
            services.Configure<SocketTransportOptions>(transport =>
                transport.CreateBoundListenSocket = endPoint =>
                    endPoint is UnixDomainSocketEndPoint
                        ? socket.Socket
                        : SocketTransportOptions.CreateDefaultBoundListenSocket(endPoint)
            );
        }

        var app = builder.Build();
        app.Use(next => new AccessCheck(token, next).InvokeAsync);
        app.UseRouting();
        app.MapGet(HealthEndpoint.Path, (RequestDelegate)HealthEndpoint.AnswerAsync);
        var upload = new BundleEndpoint(
            engine,
            options,
            app.Services.GetRequiredService<CallerCheck>(),
            app.Services.GetRequiredService<CallLog>()
        );
        app.MapPut(BundleUpload.Path, (RequestDelegate)upload.AnswerAsync);
        app.MapMcp(McpPath);
        return app;
    }

    private static void Listen(KestrelServerOptions kestrel, ServeOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = MessageLimit;
        if (options.SocketPath is { } path)
            kestrel.ListenUnixSocket(Path.GetFullPath(path));
        if (options.Port is { } port)
            kestrel.Listen(LoopbackAddress(options.Host), port);
    }

    private static IPAddress LoopbackAddress(string host)
    {
        var address =
            host == "localhost" ? IPAddress.Loopback
            : IPAddress.TryParse(host, out var ip) ? ip
            : null;
        return address is not null && IPAddress.IsLoopback(address)
            ? address
            : throw new PublicError(
                ErrorId.Config,
                $"'{host}' is not a loopback address: without TLS the token would cross the network in the clear.",
                "use --host 127.0.0.1, and a gateway (svalinn) for callers elsewhere"
            );
    }

    private static string Readable(string url, ServeOptions options) =>
        url.StartsWith("http://unix:", StringComparison.Ordinal) ? "unix:" + options.SocketPath : url;

    [LoggerMessage(3001, LogLevel.Information, "Vörðr {Version} listening on {Addresses}")]
    private static partial void LogListening(ILogger logger, string version, string addresses);

    [LoggerMessage(3002, LogLevel.Information, "The bearer token of the port is in {File}")]
    private static partial void LogToken(ILogger logger, string file);

    /// <summary>Signals are the program's: it tells the server to end by its token.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
