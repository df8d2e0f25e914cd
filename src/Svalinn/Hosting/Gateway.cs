using System.Text.Json;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging.Console;
using Oci.Errors;
using Svalinn.Audit;
using Svalinn.Authentication;
using Svalinn.Authorization;
using Svalinn.Bundles;
using Svalinn.Containers;
using Svalinn.Decisions;
using Svalinn.Limits;
using Svalinn.Metrics;
using Svalinn.Problems;
using Svalinn.Runtime;
using Svalinn.State;
using Svalinn.Tracing;
using Svalinn.Validation;
using Svalinn.Verification;
using Vordr.Client;

namespace Svalinn.Hosting;

/// <summary>Builds the gateway: its services, its listeners, its pipeline, its routes.</summary>
internal static class Gateway
{
    private static readonly TimeSpan ShutdownTime = TimeSpan.FromSeconds(10);

    /// <summary>Builds it over <paramref name="database"/>, which stays its owner's.</summary>
    /// <param name="options">What it is told.</param>
    /// <param name="database">Its state.</param>
    /// <param name="keys">Who may come in.</param>
    /// <param name="logging">Where log lines go, in place of standard error.</param>
    /// <exception cref="PublicError">The options contradict each other.</exception>
    public static WebApplication Build(
        GatewayOptions options,
        GatewayDatabase database,
        ApiKeyStore keys,
        Action<ILoggingBuilder>? logging = null
    )
    {
        if (options.NoAuthentication && options.Listen.FirstOrDefault(address => !address.IsLocal) is { } open)
        {
            throw new PublicError(
                ErrorId.Config,
                $"--no-auth lets everybody in, and {open} can be reached from elsewhere.",
                "Listen on 127.0.0.1, [::1] or a unix socket, or leave --no-auth out."
            );
        }
        var builder = WebApplication.CreateSlimBuilder();
        if (logging is null)
            AddLogging(builder.Logging, options);
        else
            logging(builder.Logging);
        AddServices(builder.Services, options, database, keys);
        builder.WebHost.ConfigureKestrel(kestrel => ConfigureKestrel(kestrel, options));
        // Clients are told to come back by their own time-outs; what runs down at Vörðr is seen to its end.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTime);
        var app = builder.Build();
        UsePipeline(app);
        Routes.Map(app);
        return app;
    }

    /// <summary>The order is that of the design: what refuses cheaply stands before what costs.</summary>
    private static void UsePipeline(WebApplication app)
    {
        app.UseRouting();
        app.UseMiddleware<TraceMiddleware>();
        app.UseMiddleware<AuditMiddleware>();
        app.UseMiddleware<ProblemMiddleware>();
        app.UseMiddleware<SecurityHeadersMiddleware>();
        app.UseMiddleware<AddressLimitMiddleware>();
        app.UseMiddleware<SizeLimitMiddleware>();
        app.UseMiddleware<AuthenticationMiddleware>();
        app.UseMiddleware<PrincipalLimitMiddleware>();
        app.UseMiddleware<AuthorizationMiddleware>();
        app.UseMiddleware<ValidationMiddleware>();
    }

    private static void AddServices(
        IServiceCollection services,
        GatewayOptions options,
        GatewayDatabase database,
        ApiKeyStore keys
    )
    {
        services.AddSingleton(options);
        services.AddSingleton(options.Limits);
        services.AddSingleton(options.Time);
        services.AddSingleton(database);
        services.AddSingleton(keys);
        services.AddSingleton<AuditLog>();
        services.AddSingleton<DecisionLog>();
        services.AddSingleton<FailedLogins>();
        services.AddSingleton<RequestMetrics>();
        services.AddSingleton<RuntimeStatus>();
        services.AddSingleton(provider => new VordrClient(
            new VordrClientOptions
            {
                Endpoint = options.Runtime,
                Timeout = options.Limits.CallTime,
                Name = "svalinn",
                TimeProvider = options.Time,
            },
            provider.GetRequiredService<ILoggerFactory>()
        ));
        services.AddSingleton<RuntimeCalls>();
        services.AddSingleton<TrustMaterial>();
        services.AddSingleton<Judge>();
        services.AddSingleton<CreateContainer>();
        services.AddSingleton<ContainerChanges>();
        services.AddSingleton<UploadBundle>();
        services.AddHostedService<RuntimeProbe>();
    }

    private static void AddLogging(ILoggingBuilder logging, GatewayOptions options)
    {
        logging.ClearProviders();
        // Data goes to stdout, and a server has none: every line is on stderr.
        logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        if (options.JsonLogs)
        {
            logging.AddJsonConsole(json =>
            {
                json.TimestampFormat = "O";
                json.UseUtcTimestamp = true;
                json.JsonWriterOptions = new JsonWriterOptions { Indented = false };
            });
        }
        else
        {
            logging.AddSimpleConsole(simple =>
            {
                simple.SingleLine = true;
                simple.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
                simple.UseUtcTimestamp = true;
                simple.ColorBehavior = LoggerColorBehavior.Disabled;
            });
        }
        logging.SetMinimumLevel(LogLevel.Information);
        logging.AddFilter("Microsoft", LogLevel.Warning);
        // What its client throws is told by us, in a sentence; it would log each stack besides.
        logging.AddFilter("ModelContextProtocol", LogLevel.Critical);
    }

    private static void ConfigureKestrel(KestrelServerOptions kestrel, GatewayOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = options.Limits.BodyBytes;
        foreach (var address in options.Listen)
        {
            if (address.SocketPath is { } path)
                kestrel.ListenUnixSocket(path, listener => listener.Protocols = HttpProtocols.Http1);
            else
                kestrel.Listen(address.EndPoint!, listener => listener.Protocols = HttpProtocols.Http1);
        }
    }
}
