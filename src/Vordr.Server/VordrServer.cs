using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Oci.Errors;
using Vordr.Client;
using Vordr.Client.Bundles;
using Vordr.Server.Listening;
using Vordr.Server.Logging;
using Vordr.Server.Tools;
using Vordr.Server.Uploads;

namespace Vordr.Server;

/// <summary>
/// <c>vordr serve</c>: the engine behind MCP. It holds nothing that a restart would lose, so it may be killed at any
/// instruction; containers don't notice.
/// </summary>
public static class VordrServer
{
    private const string McpPath = "/mcp";
    private const long MessageLimit = 1024 * 1024;
    private const string Instructions =
        "Vörðr runs containers from signed bundles. Every container is judged by the operator's trust policy: a refusal "
        + "(ERR_POLICY_DENIED) carries the verdict and says what is missing, and can't be argued away by other arguments. "
        + "Bytes of a bundle come in by PUT /bundles.";

    /// <summary>Serves over HTTP until <paramref name="cancellation"/> or a signal ends it.</summary>
    /// <param name="engine">What does the work; stays the caller's.</param>
    /// <param name="options">Where to listen, whom to believe.</param>
    /// <param name="cancellation">Ends the server.</param>
    public static async Task ServeAsync(Engine engine, ServeOptions options, CancellationToken cancellation)
    {
        await using var server = await RunningServer.StartAsync(engine, options, cancellation);
        await server.WaitForEndAsync(cancellation);
    }

    /// <summary>The loggers of a server, for what runs beside it in the process.</summary>
    public static ILoggerFactory CreateLoggers(ServeOptions options) =>
        LoggerFactory.Create(logging => ServeLogging.Configure(logging, options));

    /// <summary>Serves the one client at standard input and output.</summary>
    /// <param name="engine">What does the work; stays the caller's.</param>
    /// <param name="options">How to log; nothing is listened on.</param>
    /// <param name="cancellation">Ends the server; so does the end of standard input.</param>
    public static async Task ServeStandardInputAsync(
        Engine engine,
        ServeOptions options,
        CancellationToken cancellation
    )
    {
        using var loggers = LoggerFactory.Create(logging => ServeLogging.Configure(logging, options));
        var host = new ToolHost(new CallerCheck(options), new CallLog(loggers.CreateLogger<CallLog>(), options.Time));
        var settings = new McpServerOptions { ToolCollection = [.. EngineTools.Over(engine, host)] };
        Introduce(settings);
        await using var transport = new StdioServerTransport(settings, loggers);
        await using var server = McpServer.Create(transport, settings, loggers, serviceProvider: null);
        await server.RunAsync(cancellation);
    }

    private static void Introduce(McpServerOptions settings)
    {
        settings.ServerInfo = new Implementation
        {
            Name = "vordr",
            Title = "Vörðr, the verified container runtime",
            Version = VordrVersion.Text,
        };
        settings.ServerInstructions = Instructions;
    }

    /// <summary>A server that answers. Disposing it ends it and removes its socket.</summary>
    internal sealed class RunningServer : IAsyncDisposable
    {
        private readonly WebApplication _app;
        private readonly ListenSocket? _socket;

        private RunningServer(WebApplication app, ListenSocket? socket) => (_app, _socket) = (app, socket);

        /// <summary>Where it answers: <c>unix:/path</c>, <c>http://127.0.0.1:8080</c>.</summary>
        public IReadOnlyList<string> Addresses { get; private init; } = [];

        public static async Task<RunningServer> StartAsync(
            Engine engine,
            ServeOptions options,
            CancellationToken cancellation
        )
        {
            // 1. Nothing of the environment is read: an empty builder, and what we add.
            var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
            ServeLogging.Configure(builder.Logging, options);
            builder.Services.AddRoutingCore();
            builder.Services.Configure<ConsoleLifetimeOptions>(lifetime => lifetime.SuppressStatusMessages = true);
            builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(10));

            // 2. The tools.
            builder.Services.AddSingleton(options);
            builder.Services.AddSingleton(options.Time);
            builder.Services.AddSingleton<CallLog>();
            builder.Services.AddSingleton<CallerCheck>();
            builder
                .Services.AddMcpServer(Introduce)
                .WithHttpTransport(http => http.SessionMode = HttpServerSessionMode.StatefulForInitializeClients);
            builder.Services.AddSingleton<IReadOnlyList<McpServerTool>>(services =>
                EngineTools.Over(
                    engine,
                    new ToolHost(services.GetRequiredService<CallerCheck>(), services.GetRequiredService<CallLog>())
                )
            );
            builder
                .Services.AddOptions<McpServerOptions>()
                .Configure<IReadOnlyList<McpServerTool>>((settings, tools) => settings.ToolCollection = [.. tools]);

            // 3. Where it listens.
            var token = options.Port is null ? null : BearerToken.LoadOrMake(options.TokenFile);
            using var startLog = LoggerFactory.Create(logging => ServeLogging.Configure(logging, options));
            var socket = options.SocketPath is { } path
                ? ListenSocket.Bind(path, options.SocketGroup, startLog.CreateLogger<ListenSocket>())
                : null;
            try
            {
                builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Listen(kestrel, options, socket));
                if (socket is not null)
                {
                    builder.Services.Configure<SocketTransportOptions>(transport =>
                        transport.CreateBoundListenSocket = endPoint =>
                            endPoint is System.Net.Sockets.UnixDomainSocketEndPoint
                                ? socket.Socket
                                : SocketTransportOptions.CreateDefaultBoundListenSocket(endPoint)
                    );
                }

                // 4. What it answers.
                var app = builder.Build();
                app.Use(next => new AccessCheck(token, next).InvokeAsync);
                app.UseRouting();
                app.MapGet(HealthEndpoint.Path, (RequestDelegate)HealthEndpoint.AnswerAsync);
                app.MapPut(
                    BundleUpload.Path,
                    (RequestDelegate)
                        new BundleEndpoint(
                            engine,
                            options,
                            app.Services.GetRequiredService<CallerCheck>(),
                            app.Services.GetRequiredService<CallLog>()
                        ).AnswerAsync
                );
                app.MapMcp(McpPath);
                await app.StartAsync(cancellation);
                return new RunningServer(app, socket)
                {
                    Addresses = [.. app.Urls.Select(url => Readable(url, options))],
                };
            }
            catch (IOException e)
            {
                socket?.Dispose();
                throw new PublicError(
                    ErrorId.Config,
                    $"Can't listen on {options.Host}:{options.Port}: the address is taken.",
                    e,
                    "give another --port"
                );
            }
            catch
            {
                socket?.Dispose();
                throw;
            }
        }

        public Task WaitForEndAsync(CancellationToken cancellation) => _app.WaitForShutdownAsync(cancellation);

        public async ValueTask DisposeAsync()
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
            _socket?.Dispose();
        }

        private static void Listen(KestrelServerOptions kestrel, ServeOptions options, ListenSocket? socket)
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MessageLimit;
            if (socket is not null)
                kestrel.ListenUnixSocket(options.SocketPath!);
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
    }
}
