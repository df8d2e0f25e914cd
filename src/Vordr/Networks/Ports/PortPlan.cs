using Oci.Errors;

namespace Vordr.Networks.Ports;

/// <summary>Whether ports can be published, as far as our own containers go: pure.</summary>
internal static class PortPlan
{
    /// <summary>Refuses ports that conflict with each other or with those of other containers.</summary>
    /// <exception cref="PublicError"><see cref="ErrorId.PortInUse"/> naming the owner, or <see cref="ErrorId.Usage"/>.</exception>
    public static void Check(IReadOnlyList<PublishedPort> ports, IReadOnlyCollection<PortOwner> taken)
    {
        for (var i = 0; i < ports.Count; i++)
        {
            if (ports.Take(i).FirstOrDefault(ports[i].ConflictsWith) is { } twin)
            {
                throw new PublicError(
                    ErrorId.Usage,
                    $"The published ports '{twin}' and '{ports[i]}' need the same port of the host.",
                    "give each its own host port"
                );
            }
            if (taken.FirstOrDefault(other => other.Port.ConflictsWith(ports[i])) is { } owner)
                throw Taken(ports[i], $"the container '{owner.Owner}' publishes it", $"vordr stop {owner.Owner}");
        }
    }

    /// <summary>The error of a taken port.</summary>
    /// <param name="port">The port.</param>
    /// <param name="why">Who has it, as a clause.</param>
    /// <param name="command">What would free it, or null.</param>
    public static PublicError Taken(PublishedPort port, string why, string? command = null)
    {
        string[] suggestions = command is null
            ? ["publish another host port with -p"]
            : ["publish another host port with -p", $"or free it: {command}"];
        return new PublicError(
            ErrorId.PortInUse,
            $"The host port {port.HostSide()}/{port.ProtocolName} is taken: {why}.",
            suggestions
        );
    }
}
