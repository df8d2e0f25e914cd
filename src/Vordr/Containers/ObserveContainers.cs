using Microsoft.Extensions.Logging;
using Oci.Errors;

namespace Vordr.Containers;

/// <summary>Reads containers as the kernel has them: one whose process is gone is settled before anybody is told of it.</summary>
internal sealed partial class ObserveContainers(Instance instance)
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
            await TrySettleAsync(row, cancellation);
        // What could not be settled is told as what it is all the same: not running, and nobody knows how it ended.
        return instance
            .Database.Read(session => session.Containers())
            .ConvertAll(row => SettleContainer.HasEnded(row) ? row.Ended(Unknown()) : row);
    }

    // One container that can't be taken down must not hide all the others.
    private async Task TrySettleAsync(ContainerRow row, CancellationToken cancellation)
    {
        try
        {
            await new SettleContainer(instance).ExecuteAsync(row.Id, cancellation);
        }
        catch (Exception error) when (error is PublicError or IOException)
        {
            LogNotSettled(instance.Logger, row.Name, error);
        }
    }

    private ContainerEnd Unknown() => new(ContainerEnd.Unknown, EndReason.MonitorLost, instance.Time.GetUtcNow());

    [LoggerMessage(
        EventId = 102,
        Level = LogLevel.Warning,
        Message = "Container {Name} has ended and can't be taken down"
    )]
    private static partial void LogNotSettled(ILogger logger, string name, Exception error);
}
