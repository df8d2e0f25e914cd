using Oci.Errors;

namespace Vordr.Containers;

/// <summary>Reads containers as the kernel has them: one whose process is gone is settled before anybody is told of it.</summary>
internal sealed class ObserveContainers(Instance instance)
{
    /// <summary>The container that people call so.</summary>
    /// <exception cref="PublicError"><see cref="ErrorId.ContainerNotFound"/>.</exception>
    public async Task<ContainerRow> OneAsync(string named, CancellationToken cancellation)
    {
        var row = instance.Database.Read(session => session.Container(named));
        if (!SettleContainer.HasEnded(row))
            return row;
        await new SettleContainer(instance).ExecuteAsync(row.Id, cancellation);
        return instance.Database.Read(session => session.Container(row.Id.ToString()));
    }

    /// <summary>All containers, newest first.</summary>
    public async Task<List<ContainerRow>> AllAsync(CancellationToken cancellation)
    {
        var rows = instance.Database.Read(session => session.Containers());
        var ended = rows.FindAll(SettleContainer.HasEnded);
        if (ended.Count == 0)
            return rows;
        foreach (var row in ended)
            await new SettleContainer(instance).ExecuteAsync(row.Id, cancellation);
        return instance.Database.Read(session => session.Containers());
    }
}
