using Oci.Errors;
using Vordr.Bundles;
using Vordr.Calls;
using Vordr.Linux;
using Vordr.Processes;

namespace Vordr.Containers;

/// <summary>
/// Ends a container's process: by its stop signal, and by SIGKILL when its time is over. What is wanted is recorded
/// before any signal, and no lock is held while the container takes its time.
/// </summary>
internal sealed class StopContainer(Instance instance)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Stops; a container that doesn't run is left as it is.</summary>
    public Task<EndResult> ExecuteAsync(StopRequest request, CancellationToken cancellation) =>
        new IdempotentCalls(instance).MakeAsync(
            request.Caller,
            "stop",
            request.IdempotencyKey,
            repeatable: true,
            call => StopAsync(request, call, cancellation),
            outcome => Task.FromResult(Retell(ContainerId.Parse(outcome))),
            cancellation
        );

    private async Task<EndResult> StopAsync(StopRequest request, CallKey? call, CancellationToken cancellation)
    {
        var container = await new ObserveContainers(instance).OneAsync(request.Container, cancellation);
        if (container.State is not (ContainerState.Running or ContainerState.Paused))
            return Complete(container.Id, call, EndOf(container));
        var signal = await StopSignalAsync(container, cancellation);
        instance.Database.Write(session =>
        {
            session.SetDesired(container.Id, DesiredState.Stopped);
            call?.Open(session, null, instance.Time.GetUtcNow());
        });
        if (!await EndsAsync(container, signal, request.Timeout ?? Patience, cancellation))
            await EndsAsync(container, Signals.Kill, Timeout.InfiniteTimeSpan, cancellation);
        var end = await new SettleContainer(instance).ExecuteAsync(container.Id, cancellation);
        return Complete(container.Id, call, end ?? EndOf(container));
    }

    /// <summary>Kills and settles.</summary>
    public async Task KillAsync(ContainerRow container, CancellationToken cancellation)
    {
        instance.Database.Write(session => session.SetDesired(container.Id, DesiredState.Stopped));
        await EndsAsync(container, Signals.Kill, Timeout.InfiniteTimeSpan, cancellation);
        await new SettleContainer(instance).ExecuteAsync(container.Id, cancellation);
    }

    /// <summary>Sends a signal to the first process of a running container.</summary>
    /// <exception cref="PublicError"><see cref="ErrorId.ContainerStopped"/>, or <see cref="ErrorId.Usage"/>: no such signal.</exception>
    public async Task SignalAsync(KillRequest request, CancellationToken cancellation)
    {
        var signal =
            Signals.Parse(request.Signal)
            ?? throw new PublicError(ErrorId.Usage, "There is no such signal.", "-s TERM", "-s 15")
            {
                Pointer = "/signal",
            };
        var container = await new ObserveContainers(instance).OneAsync(request.Container, cancellation);
        if (container.State is not (ContainerState.Running or ContainerState.Paused))
            throw Lifecycle.NotRunning(container.Name);
        if (signal is Signals.Kill)
            instance.Database.Write(session => session.SetDesired(container.Id, DesiredState.Stopped));
        if (!Send(container, signal))
            throw Lifecycle.NotRunning(container.Name);
    }

    /// <summary>How a container that doesn't run ended; one that never ran counts as ended well.</summary>
    public static ContainerEnd EndOf(ContainerRow container) =>
        new(container.ExitCode ?? 0, container.Reason ?? EndReason.Exited, container.Finished ?? container.Created);

    // Whether it ended within the time.
    private async Task<bool> EndsAsync(
        ContainerRow container,
        int signal,
        TimeSpan patience,
        CancellationToken cancellation
    )
    {
        if (!Send(container, signal))
            return true;
        using var over = new CancellationTokenSource(patience, instance.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellation);
        try
        {
            await instance.Watcher.WaitExitAsync(container.Process!, either.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
    }

    private static bool Send(ContainerRow container, int signal)
    {
        using var pidfd = PidFd.TryOpen(container.Process!.Pid);
        // The identity is asked again after the opening: the pid may have been given away before it.
        return pidfd is not null && container.Process.IsAlive() && PidFd.Send(pidfd, signal);
    }

    private async Task<int> StopSignalAsync(ContainerRow container, CancellationToken cancellation)
    {
        var bundle = instance.Database.Read(session => session.FindBundle(container.Bundle))!;
        var image = await ImageFile.ReadAsync(instance.Content, bundle, cancellation);
        return image.Config?.StopSignal is { } name ? Signals.Parse(name) ?? Signals.Terminate : Signals.Terminate;
    }

    private EndResult Retell(ContainerId id)
    {
        var end = instance.Database.Read(session =>
            session.FindContainer(id) is { } container ? EndOf(container) : session.FindEnd(id)
        );
        return new EndResult(id, end?.ExitCode ?? 0, end?.Reason ?? EndReason.Stopped);
    }

    private EndResult Complete(ContainerId id, CallKey? call, ContainerEnd end)
    {
        if (call is not null)
        {
            instance.Database.Write(session =>
            {
                if (call.Find(session) is null)
                    call.Open(session, null, instance.Time.GetUtcNow());
                call.Complete(session, id.ToString());
            });
        }
        return new EndResult(id, end.ExitCode, end.Reason);
    }
}
