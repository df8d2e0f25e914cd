using System.Text.Json;

namespace Vordr.Networks.Firewalls;

/// <summary>A chain of any IPv4 table on the host.</summary>
/// <param name="Family">Family of its table: <c>ip</c> or <c>inet</c>.</param>
/// <param name="Table">Name of its table.</param>
/// <param name="Name">Its name.</param>
/// <param name="Hook">Where it is hooked in, or null.</param>
/// <param name="Policy">What happens to packets it doesn't judge, or null.</param>
internal sealed record HostChain(string Family, string Table, string Name, string? Hook, string? Policy);

/// <summary>Chains of all tables, by which we find our own table, other instances, and firewalls in our way.</summary>
internal sealed record HostTables(IReadOnlyList<HostChain> Chains)
{
    /// <summary>Reads the answer to <c>list chains</c>.</summary>
    public static HostTables Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        var chains = new List<HostChain>();
        foreach (var item in document.RootElement.GetProperty("nftables").EnumerateArray())
        {
            if (!item.TryGetProperty("chain", out var chain))
                continue;
            chains.Add(
                new HostChain(
                    chain.GetProperty("family").GetString()!,
                    chain.GetProperty("table").GetString()!,
                    chain.GetProperty("name").GetString()!,
                    Optional(chain, "hook"),
                    Optional(chain, "policy")
                )
            );
        }
        return new HostTables(chains);
    }

    /// <summary>Whether this instance's table is there.</summary>
    public bool Has(string table) => Chains.Any(chain => chain.Family == "ip" && chain.Table == table);

    /// <summary>Tables of other instances of ours: told by their memory chain.</summary>
    public IEnumerable<string> OtherInstances(string table) =>
        Memories().Select(chain => chain.Table).Where(other => other != table);

    /// <summary>What a table of ours remembers of ip_forward before any of us came, or null when there is none.</summary>
    public bool? RememberedIpForward() =>
        // Who came second saw 1 although it was 0: the lowest memory is the true one.
        Memories().Select(chain => chain.Name == FirewallScript.Memory(ipForward: true))
            is var values
        && values.Any()
            ? values.All(value => value)
            : null;

    private IEnumerable<HostChain> Memories() =>
        Chains.Where(chain => chain is { Family: "ip", Hook: null, Name: "ip_forward_was_0" or "ip_forward_was_1" });

    private static string? Optional(JsonElement chain, string name) =>
        chain.TryGetProperty(name, out var value) ? value.GetString() : null;
}
