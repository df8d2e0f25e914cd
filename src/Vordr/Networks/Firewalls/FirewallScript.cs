using System.Security.Cryptography;
using System.Text;

namespace Vordr.Networks.Firewalls;

/// <summary>
/// The nft table of an instance as commands (nft(8)). Rules are the same whatever runs; what changes are elements of
/// five sets, each with a comment that says whose it is.
/// <code>
///   raw       127/8 from a wire, forged sources, container addresses from elsewhere than their bridge: dropped
///   dstnat    packets to a published port of the host → container          (from outside and from containers)
///   output    the same for the host's own packets, loopback included
///   input     the bridge's own address answers its containers and the host, nobody else
///   forward   into a subnet: answers, its own bridge, what was translated; nothing else
///   srcnat    towards outside, and where the answer would else take another way: masquerade
/// </code>
/// Published ports at the bridge's own address are translated before <c>input</c> sees them.
/// </summary>
internal static class FirewallScript
{
    /// <summary>Every address: transport and port → container.</summary>
    public const string PortsAny = "ports_any";

    /// <summary>One address: address, transport and port → container.</summary>
    public const string PortsAt = "ports_at";

    /// <summary>Subnets of our networks.</summary>
    public const string Subnets = "subnets";

    /// <summary>Subnet and bridge that belong together.</summary>
    public const string Homes = "homes";

    /// <summary>Our bridges.</summary>
    public const string Bridges = "bridges";

    /// <summary>
    /// Name of the empty chain that remembers the host's setting in the kernel too, where other instances on the
    /// host see it: whoever leaves last puts it back.
    /// </summary>
    public static string Memory(bool ipForward) => ipForward ? "ip_forward_was_1" : "ip_forward_was_0";

    /// <summary>Declares table, sets and chains, and makes the rules anew; elements stay as they are.</summary>
    public static string Build(string table, bool ipForwardWas)
    {
        var script = new StringBuilder();
        foreach (var line in Lines(Declarations))
            script.Append("add ").Append(line.Replace("TABLE", $"ip {table}")).Append('\n');
        script.Append($"add chain ip {table} {Memory(ipForwardWas)}\n");
        foreach (var chain in Chains)
            script.Append($"flush chain ip {table} {chain}\n");
        foreach (var line in Lines(Rules))
            script.Append($"add rule ip {table} {line}\n");
        return script.ToString();
    }

    /// <summary>Tells versions of the rules apart: a table made by another version is made anew.</summary>
    public static string Version { get; } =
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Declarations + Rules)))[..16];

    /// <summary>Adds the element, comment included.</summary>
    public static string Add(string table, FirewallElement element)
    {
        Check(element.Key);
        Check(element.Owner);
        Check(element.Value ?? "");
        var value = element.Value is null ? "" : $" : {element.Value}";
        return $"add element ip {table} {element.Set} {{ {element.Key} comment \"{element.Owner}\"{value} }}\n";
    }

    /// <summary>Deletes the element; one that isn't there fails the transaction.</summary>
    public static string Delete(string table, FirewallElement element) =>
        $"delete element ip {table} {element.Set} {{ {element.Key} }}\n";

    private static readonly string[] Chains = ["raw", "dstnat", "output", "input", "forward", "srcnat"];

    private const string Declarations = """
        table TABLE
        map TABLE ports_any { type inet_proto . inet_service : ipv4_addr . inet_service ; }
        map TABLE ports_at { type ipv4_addr . inet_proto . inet_service : ipv4_addr . inet_service ; }
        set TABLE subnets { type ipv4_addr ; flags interval ; }
        set TABLE homes { type ipv4_addr . ifname ; flags interval ; }
        set TABLE bridges { type ifname ; }
        chain TABLE raw { type filter hook prerouting priority -300 ; policy accept ; }
        chain TABLE dstnat { type nat hook prerouting priority -100 ; policy accept ; }
        chain TABLE output { type nat hook output priority -100 ; policy accept ; }
        chain TABLE input { type filter hook input priority 0 ; policy accept ; }
        chain TABLE forward { type filter hook forward priority 0 ; policy accept ; }
        chain TABLE srcnat { type nat hook postrouting priority 100 ; policy accept ; }
        """;

    private const string Rules = """
        raw iifname "lo" accept
        raw ip daddr 127.0.0.0/8 drop
        raw ip saddr 127.0.0.0/8 drop
        raw iifname @bridges ip saddr . iifname != @homes drop
        raw ip daddr . iifname @homes accept
        raw ip daddr @subnets fib daddr type != local drop
        dstnat fib daddr type local dnat ip to ip daddr . meta l4proto . th dport map @ports_at
        dstnat fib daddr type local dnat ip to meta l4proto . th dport map @ports_any
        output fib daddr type local dnat ip to ip daddr . meta l4proto . th dport map @ports_at
        output fib daddr type local dnat ip to meta l4proto . th dport map @ports_any
        input iifname "lo" accept
        input ip daddr . iifname @homes accept
        input ip daddr @subnets drop
        forward ip daddr @subnets ct state established,related accept
        forward ip daddr . iifname @homes accept
        forward ip daddr @subnets ct status dnat accept
        forward ip daddr @subnets drop
        forward iifname @bridges accept
        srcnat ip saddr . oifname @homes ct status dnat masquerade
        srcnat ip saddr . oifname @homes accept
        srcnat ip saddr @subnets masquerade
        srcnat oifname @bridges ip saddr 127.0.0.0/8 masquerade
        """;

    /// <summary>Names were judged where they came in; here nothing may end a quotation or a command.</summary>
    private static void Check(string word)
    {
        if (word.Any(c => !char.IsAsciiLetterOrDigit(c) && !" .:/-_".Contains(c)))
            throw new InvalidOperationException($"'{word}' can't be part of a firewall element.");
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
