using Oci.Errors;

namespace Vordr.Containers;

/// <summary>Waits for the end of a container, without a lock and without polling.</summary>
internal sealed class WaitForContainer(Instance instance)
{
    /// <summary>Waits; a container that doesn't run answers at once with how it ended last.</summary>
    public async Task<EndResult> ExecuteAsync(WaitRequest request, CancellationToken cancellation)
    {
        var container = await new ObserveContainers(instance).OneAsync(request.Container, cancellation);
        if (container.State is not (ContainerState.Running or ContainerState.Paused))
            return Answer(container.Id, StopContainer.EndOf(container));
        return Answer(container.Id, await EndAsync(container.Id, cancellation));
    }

    /// <summary>The end of a container that was seen running.</summary>
    public async Task<ContainerEnd> EndAsync(ContainerId id, CancellationToken cancellation)
    {
        while (true)
        {
            if (await new SettleContainer(instance).ExecuteAsync(id, cancellation) is { } end)
                return end;
            var row = instance.Database.Read(session => session.FindContainer(id));
            if (row?.Conmon is not { } conmon)
            {
                // Removed by force meanwhile, or started anew and not yet up: nobody will say how that life ended.
                throw new PublicError(ErrorId.ContainerNotFound, $"Container {id.Short} was removed meanwhile.");
            }
            await instance.Exits.WaitAsync(id.ToString(), instance.Paths.Persist(id), conmon, cancellation);
        }
    }

    private static EndResult Answer(ContainerId id, ContainerEnd end) => new(id, end.ExitCode, end.Reason);
}
