using Oci.Errors;
using Vordr.Networks;

namespace Vordr.Containers;

/// <summary>Lists containers, newest first, as the kernel says they are.</summary>
internal sealed class ListContainers(Instance instance)
{
    public async Task<IReadOnlyList<ContainerSummary>> ExecuteAsync(ListRequest request, CancellationToken cancellation)
    {
        var states = States(request.Statuses);
        var rows = await new ObserveContainers(instance).AllAsync(cancellation);
        var chosen = rows.Where(row => Fits(row, request, states)).Take(request.Limit ?? int.MaxValue).ToList();
        var ports = instance.Database.Read(session => session.PortsByContainer());
        return chosen.ConvertAll(row => row.Summary([.. ports[row.Id.ToString()]]));
    }

    private static bool Fits(ContainerRow row, ListRequest request, HashSet<ContainerState>? states) =>
        (
            states?.Contains(row.State!.Value)
            ?? (request.All || row.State is ContainerState.Running or ContainerState.Paused)
        )
        && (request.Name is null || row.Name.Contains(request.Name, StringComparison.Ordinal))
        && request.Labels.All(wanted => HasLabel(row, wanted));

    private static bool HasLabel(ContainerRow row, string wanted)
    {
        var equals = wanted.IndexOf('=');
        return equals < 0
            ? row.Labels.ContainsKey(wanted)
            : row.Labels.TryGetValue(wanted[..equals], out var value) && value == wanted[(equals + 1)..];
    }

    // Asking for states asks for all containers that are in them.
    private static HashSet<ContainerState>? States(IReadOnlyList<string> words) =>
        words.Count == 0 ? null : [.. words.Select(State)];

    private static ContainerState State(string word) =>
        word switch
        {
            "created" => ContainerState.Created,
            "running" => ContainerState.Running,
            "paused" => ContainerState.Paused,
            "exited" or "stopped" => ContainerState.Stopped,
            _ => throw new PublicError(
                ErrorId.Usage,
                "There is no such status: created, running, paused and exited are."
            )
            {
                Pointer = "/status",
            },
        };
}
