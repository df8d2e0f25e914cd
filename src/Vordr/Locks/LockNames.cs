using Oci;
using Vordr.Containers;

namespace Vordr.Locks;

/// <summary>Names of the files in <c>&lt;run root&gt;/locks/</c>, in the order in which they are taken.</summary>
internal static class LockNames
{
    /// <summary>Begins the names of containers' locks.</summary>
    public const string ContainerPrefix = "container-";

    /// <summary>Begins the names of loads' locks.</summary>
    public const string LoadPrefix = "load-";

    /// <summary>Begins the names of calls' locks.</summary>
    public const string CallPrefix = "call-";

    /// <summary>Shared by whoever makes content usable, exclusive for whoever removes content.</summary>
    public const string Store = "store";

    /// <summary>Setting up, attaching to and taking down networks.</summary>
    public const string Networks = "network";

    /// <summary>One container's changes.</summary>
    public static string Container(ContainerId id) => $"{ContainerPrefix}{id}";

    /// <summary>A load under way; its name is drawn, so that it never waits.</summary>
    public static string Load(Guid load) => $"{LoadPrefix}{load:n}";

    /// <summary>A call with an idempotency key; whoever repeats it waits here. Taken before all others.</summary>
    public static string Call(Digest key) => $"{CallPrefix}{key.Hex}";
}
