namespace Vordr.Networks;

/// <summary>What a container gets for a network.</summary>
public enum NetworkMode
{
    /// <summary>A network namespace with nothing but its loopback; the runtime makes it.</summary>
    None,

    /// <summary>A namespace of its own, joined to one of our bridges: reaches out, and is reached by published ports.</summary>
    Bridge,

    /// <summary>The host's own network namespace: no isolation, and no published ports, since all are the host's.</summary>
    Host,
}
