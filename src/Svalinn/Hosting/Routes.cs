using Svalinn.Authorization;
using Svalinn.Bundles;
using Svalinn.Containers;
using Svalinn.Decisions;
using Svalinn.Health;
using Svalinn.Images;
using Svalinn.Metrics;
using Svalinn.Policies;
using Svalinn.Validation;
using Svalinn.Verification;

namespace Svalinn.Hosting;

/// <summary>The table of what is served. Each route once; it answers as written and under <c>/api/v1</c>.</summary>
internal static class Routes
{
    /// <summary>The prefix of version 1.</summary>
    public const string VersionPrefix = "/api/v1";

    /// <summary>Maps every route, twice.</summary>
    public static void Map(IEndpointRouteBuilder app)
    {
        MapUnder(app.MapGroup(""));
        MapUnder(app.MapGroup(VersionPrefix));
    }

    private static void MapUnder(RouteGroupBuilder routes)
    {
        routes.MapGet("/health", HealthEndpoints.HealthAsync).Rule(new("health", Access.Anyone));
        routes.MapGet("/ready", HealthEndpoints.ReadyAsync).Rule(new("ready", Access.Anyone));
        routes.MapGet("/metrics", MetricsEndpoint.GetAsync).Rule(new("metrics", Access.Viewer));

        routes.MapGet("/containers", ContainerReads.ListAsync).Rule(new("container.list", Access.Viewer));
        routes.MapGet("/containers/{id}", ContainerReads.InspectAsync).Rule(new("container.inspect", Access.Viewer));
        routes.MapGet("/containers/{id}/logs", ContainerReads.LogsAsync).Rule(new("container.logs", Access.Viewer));
        routes
            .MapPost("/containers/create", CreateContainer.CreateAsync)
            .Rule(
                new("container.create", Access.Operator)
                {
                    ChangesState = true,
                    Body = BodyType.Of(SvalinnJson.Default.CreateBody),
                }
            );
        routes
            .MapPost("/containers/{id}/start", ContainerChanges.StartAsync)
            .Rule(new("container.start", Access.Operator) { ChangesState = true });
        routes
            .MapPost("/containers/{id}/stop", ContainerChanges.StopAsync)
            .Rule(
                new("container.stop", Access.Operator)
                {
                    ChangesState = true,
                    Body = BodyType.Of(SvalinnJson.Default.StopBody),
                    BodyIsOptional = true,
                }
            );
        routes
            .MapPost("/containers/{id}/exec", ContainerChanges.ExecAsync)
            .Rule(
                new("container.exec", Access.Operator)
                {
                    ChangesState = true,
                    Body = BodyType.Of(SvalinnJson.Default.ExecBody),
                }
            );
        routes
            .MapDelete("/containers/{id}", ContainerChanges.RemoveAsync)
            .Rule(new("container.remove", Access.Operator) { ChangesState = true });
        routes
            .MapPost("/run", CreateContainer.RunAsync)
            .Rule(
                new("container.run", Access.Operator)
                {
                    ChangesState = true,
                    Body = BodyType.Of(SvalinnJson.Default.CreateBody),
                }
            );

        routes.MapGet("/images", ImageReads.ListAsync).Rule(new("image.list", Access.Viewer));
        routes
            .MapPost("/bundles/upload", UploadBundle.UploadAsync)
            .Rule(new("bundle.upload", Access.Operator) { ChangesState = true, IsUpload = true });
        routes
            .MapPost("/verify", VerifyEndpoint.VerifyAsync)
            .Rule(new("verify", Access.Viewer) { Body = BodyType.Of(SvalinnJson.Default.VerifyBody) });

        routes.MapGet("/policies", PolicyReads.ListAsync).Rule(new("policy.list", Access.Viewer));
        routes.MapGet("/decisions/{id}", DecisionEndpoints.GetAsync).Rule(new("decision.read", Access.Auditor));
    }
}
