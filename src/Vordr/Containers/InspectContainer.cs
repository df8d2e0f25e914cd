using System.Globalization;
using Vordr.Networks;

namespace Vordr.Containers;

/// <summary>Tells all of a container: the row, the finished spec, and its place in its network.</summary>
internal sealed class InspectContainer(Instance instance)
{
    public async Task<ContainerDetails> ExecuteAsync(InspectRequest request, CancellationToken cancellation)
    {
        var row = await new ObserveContainers(instance).OneAsync(request.Container, cancellation);
        var spec = await SpecFile.ReadAsync(instance.Paths.Spec(row.Id), cancellation);
        var (summary, address, network) = instance.Database.Read(session =>
            (session.Summary(row), session.FindAddress(row.Id), session.FindNetwork(row.Network))
        );
        var runs = row.State is ContainerState.Running or ContainerState.Paused;
        return new ContainerDetails
        {
            Summary = summary,
            Options = row.Options,
            Pid = runs ? row.Process?.Pid : null,
            ConmonPid = runs ? row.Conmon?.Pid : null,
            OomKilled = row.OomKilled,
            Network = row.Network,
            Address =
                address is not null && network is not null ? ContainerNetworks.WithPrefix(address, network) : null,
            Gateway = address is not null ? network?.Definition.Gateway.ToString() : null,
            User = string.Create(CultureInfo.InvariantCulture, $"{spec.Process.User.Uid}:{spec.Process.User.Gid}"),
            Env = spec.Process.Env,
            WorkDir = spec.Process.Cwd,
            Capabilities = spec.Process.Capabilities?.All() ?? [],
            Runtime = row.Runtime,
            Decision = row.Decision ?? 0,
            Notes = row.Notes,
            LogPath = instance.Paths.Log(row.Id),
            BundlePath = instance.Paths.Container(row.Id),
        };
    }
}
