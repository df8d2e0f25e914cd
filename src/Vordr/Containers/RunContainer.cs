using Vordr.Calls;
using Vordr.Decisions;
using Vordr.Networks;

namespace Vordr.Containers;

/// <summary>
/// What callers get of making and starting: the answer, and for a foreground run the container's streams until its end.
/// No lock is held any more when the streams are handed through.
/// </summary>
internal sealed class RunContainer(Instance instance)
{
    private readonly IdempotentCalls _calls = new(instance);

    /// <summary>Creates.</summary>
    public Task<CreateResult> CreateAsync(CreateRequest request, CancellationToken cancellation) =>
        _calls.MakeAsync(
            request.Caller,
            "create",
            request.IdempotencyKey,
            repeatable: true,
            async call => Created(await new MakeContainer(instance).CreateAsync(request, call, cancellation)),
            outcome => Task.FromResult(Created(Retell(ContainerId.Parse(outcome)))),
            cancellation
        );

    /// <summary>Creates and starts.</summary>
    public Task<StartResult> RunAsync(RunRequest request, CancellationToken cancellation) =>
        _calls.MakeAsync(
            request.Create.Caller,
            "run",
            request.Create.IdempotencyKey,
            repeatable: true,
            async call =>
                await FollowAsync(
                    await new MakeContainer(instance).RunAsync(request, call, cancellation),
                    request.Streams,
                    cancellation
                ),
            outcome => Task.FromResult(Started(Retell(ContainerId.Parse(outcome)), null)),
            cancellation
        );

    /// <summary>Starts.</summary>
    public Task<StartResult> StartAsync(StartRequest request, CancellationToken cancellation) =>
        _calls.MakeAsync(
            request.Caller,
            "start",
            request.IdempotencyKey,
            repeatable: true,
            async call =>
            {
                var made = await new StartContainer(instance).ExecuteAsync(request, call, cancellation);
                if (made is not null)
                    return await FollowAsync(made, request.Streams, cancellation);
                var running = instance.Database.Read(session => session.Container(request.Container));
                return Started(Retell(running.Id), null);
            },
            outcome => Task.FromResult(Started(Retell(ContainerId.Parse(outcome)), null)),
            cancellation
        );

    private async Task<StartResult> FollowAsync(Made made, ContainerStreams? streams, CancellationToken cancellation)
    {
        if (made.Attached is not { } attached || streams is null)
            return Started(made, null);
        await using (attached)
        {
            streams.Started?.Invoke(made.Id);
            await attached.PumpAsync(streams.Input, streams.Output, streams.Error, cancellation);
        }
        return Started(made, await new WaitForContainer(instance).EndAsync(made.Id, cancellation));
    }

    private static CreateResult Created(Made made) =>
        new(made.Row.Summary(made.Row.Options.Ports), made.Verdict, made.Decision, made.Notes);

    private StartResult Started(Made made, ContainerEnd? end)
    {
        var row = end is null ? made.Row : made.Row.Ended(end);
        var ports = instance.Database.Read(session => session.Ports(made.Id));
        return new StartResult(row.Summary(ports), made.Verdict, made.Decision, end?.ExitCode, made.Notes);
    }

    // The same call again gets the same container, as it is now.
    private Made Retell(ContainerId id)
    {
        var row = instance.Database.Read(session => session.Container(id.ToString()));
        var verdict = new ReadDecisions(instance).Verdict(row.Decision!.Value);
        return new Made(row, verdict, row.Decision.Value, row.Notes, null);
    }
}
