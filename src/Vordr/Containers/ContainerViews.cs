using Vordr.Networks;
using Vordr.State;

namespace Vordr.Containers;

/// <summary>Makes what callers see of containers out of what the database has.</summary>
internal static class ContainerViews
{
    /// <summary>A container at a glance.</summary>
    public static ContainerSummary Summary(this Session session, ContainerRow row) =>
        row.Summary(session.Ports(row.Id));

    /// <summary>As <see cref="Summary(Session, ContainerRow)"/>, where its ports are known.</summary>
    public static ContainerSummary Summary(this ContainerRow row, IReadOnlyList<PublishedPort> ports) =>
        new()
        {
            Id = row.Id,
            Name = row.Name,
            Image = row.Image,
            ImageDigest = row.Root,
            BundleDigest = row.Bundle,
            Command = row.Command,
            State = row.State ?? ContainerState.Created,
            Created = row.Created,
            Started = row.Started,
            Finished = row.Finished,
            ExitCode = row.State == ContainerState.Stopped ? row.ExitCode : null,
            Reason = row.State == ContainerState.Stopped ? row.Reason : null,
            // What isn't up holds no ports; what it will ask for is what it was made with.
            Ports = row.State is ContainerState.Running or ContainerState.Paused ? ports : row.Options.Ports,
            Labels = row.Labels,
            Unverified = row.Unverified,
        };

    /// <summary>A container as it ended.</summary>
    public static ContainerRow Ended(this ContainerRow row, ContainerEnd end) =>
        row with
        {
            State = ContainerState.Stopped,
            ExitCode = end.ExitCode,
            Reason = end.Reason,
            Finished = end.At,
            OomKilled = end.Reason == EndReason.OutOfMemory,
        };
}
