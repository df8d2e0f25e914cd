using Oci.Errors;

namespace Vordr.Containers;

/// <summary>The one table of transitions (runtime.md, "Lifecycle"). The database's setter goes through it.</summary>
internal static class Lifecycle
{
    // A null state is a container that is being made and that nobody sees yet.
    private static readonly (ContainerState? From, ContainerState To)[] Transitions =
    [
        (null, ContainerState.Created),
        (ContainerState.Created, ContainerState.Running),
        (ContainerState.Created, ContainerState.Stopped),
        (ContainerState.Created, ContainerState.Removed),
        (ContainerState.Running, ContainerState.Paused),
        (ContainerState.Running, ContainerState.Stopped),
        (ContainerState.Running, ContainerState.Removed),
        (ContainerState.Paused, ContainerState.Running),
        (ContainerState.Paused, ContainerState.Stopped),
        (ContainerState.Stopped, ContainerState.Running),
        (ContainerState.Stopped, ContainerState.Removed),
    ];

    /// <summary>Whether a container may go from one state to the other.</summary>
    public static bool Allows(ContainerState? from, ContainerState to) =>
        Array.Exists(Transitions, transition => transition.From == from && transition.To == to);

    /// <summary>Refuses a transition that isn't in the table, in the words of what the caller wanted.</summary>
    /// <exception cref="PublicError">It isn't.</exception>
    public static void Demand(string name, ContainerState? from, ContainerState to)
    {
        if (Allows(from, to))
            return;
        throw (from, to) switch
        {
            (ContainerState.Running or ContainerState.Paused, _) => Running(name),
            (_, ContainerState.Paused) => NotRunning(name),
            _ => new PublicError(
                ErrorId.State,
                $"Container {name} is {from?.Text() ?? "being made"} and can't become {to.Text()}."
            ),
        };
    }

    /// <summary>The container runs, and must not for what was asked.</summary>
    public static PublicError Running(string name) =>
        new(ErrorId.ContainerRunning, $"Container {name} is running.", $"vordr stop {name}", $"vordr rm -f {name}");

    /// <summary>The container doesn't run, and must for what was asked.</summary>
    public static PublicError NotRunning(string name) =>
        new(ErrorId.ContainerStopped, $"Container {name} is not running.", $"vordr start {name}", "vordr ps -a");
}
