namespace Vordr.Networks.Links;

/// <summary>Aliases of our interfaces: whose they are, for <c>ip link</c> and for reconciliation.</summary>
internal static class Ownership
{
    /// <summary>Of a network's bridge: <c>vordr/network:default</c>.</summary>
    public static string Network(string instance, string name) => $"{instance}/network:{name}";

    /// <summary>Of the host's end of a container's pair: <c>vordr/0123…</c>.</summary>
    public static string Container(string instance, string id) => $"{instance}/{id}";

    /// <summary>Whether an alias says that the interface is this instance's.</summary>
    public static bool IsOf(string instance, string alias) =>
        alias.StartsWith(instance + "/", StringComparison.Ordinal);
}
