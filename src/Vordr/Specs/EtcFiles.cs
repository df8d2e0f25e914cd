using System.Net;
using System.Text;
using Oci.Errors;

namespace Vordr.Specs;

/// <summary>
/// The generated files of a container's <c>/etc</c>: host name, names of hosts, name servers. They lie in the container's
/// directory and are mounted over the image's.
/// </summary>
internal static class EtcFiles
{
    /// <summary>Name of the file → path in the container.</summary>
    public static IReadOnlyDictionary<string, string> Destinations { get; } =
        new Dictionary<string, string>
        {
            ["hostname"] = "/etc/hostname",
            ["hosts"] = "/etc/hosts",
            ["resolv.conf"] = "/etc/resolv.conf",
        };

    private static readonly IReadOnlyList<string> ResolverFiles =
    [
        "/etc/resolv.conf",
        // Where systemd-resolved, whose own listener is a loopback address, keeps the servers that it asks.
        "/run/systemd/resolve/resolv.conf",
        // The same of NetworkManager with its own dnsmasq.
        "/run/NetworkManager/no-stub-resolv.conf",
    ];

    /// <summary>Writes the three files.</summary>
    public static void Write(string directory, string hostname, NetworkInput network, List<string> notes)
    {
        Directory.CreateDirectory(directory);
        File.WriteAllText(Path.Combine(directory, "hostname"), hostname + "\n");
        File.WriteAllText(Path.Combine(directory, "hosts"), Hosts(hostname, network));
        File.WriteAllText(
            Path.Combine(directory, "resolv.conf"),
            Resolver(network, [.. ResolverFiles.Select(TryRead)], notes)
        );
    }

    /// <summary>A host name that can stand in these files and in sethostname(2).</summary>
    public static string CheckHostname(string name) =>
        name.Length is > 0 and <= 63
        && name.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '.')
        && char.IsAsciiLetterOrDigit(name[0])
            ? name
            : throw new PublicError(
                ErrorId.Usage,
                "A host name has 1 to 63 letters, digits, dots and hyphens, and starts with a letter or a digit."
            );

    /// <summary>Text of <c>/etc/hosts</c>.</summary>
    public static string Hosts(string hostname, NetworkInput network)
    {
        var text = new StringBuilder();
        if (network.Mode == NetworkMode.Host && TryRead("/etc/hosts") is { } host)
            text.Append(host.TrimEnd('\n')).Append('\n');
        else
            text.Append("127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n");
        foreach (var (name, address) in network.ExtraHosts)
            text.Append(CheckAddress(address)).Append('\t').Append(CheckHostname(name)).Append('\n');
        // A container without an address still finds itself by name.
        foreach (var address in network.Addresses.DefaultIfEmpty("127.0.1.1"))
            text.Append(CheckAddress(address)).Append('\t').Append(hostname).Append('\n');
        return text.ToString();
    }

    /// <summary>
    /// Text of <c>/etc/resolv.conf</c>. In a namespace of its own the container doesn't reach a server on the host's
    /// loopback: such are left out, and when no other is left, the files are looked at in which the host's resolver
    /// keeps the real ones.
    /// </summary>
    /// <param name="network">The network.</param>
    /// <param name="files">Texts of the host's files, the main one first; null for one that isn't there.</param>
    /// <param name="notes">What people should know.</param>
    public static string Resolver(NetworkInput network, IReadOnlyList<string?> files, List<string> notes)
    {
        if (network.NameServers is { } asked)
            return string.Concat(asked.Select(server => $"nameserver {CheckAddress(server)}\n"));
        var main = files.Count > 0 ? files[0] ?? "" : "";
        if (network.Mode == NetworkMode.Host)
            return main;
        if (network.Mode == NetworkMode.None)
            return "";
        var servers = Servers(main);
        if (servers.Count == 0)
        {
            notes.Add("This host has no name server in /etc/resolv.conf: names won't resolve in the container.");
            return Other(main);
        }
        foreach (var file in files)
        {
            var real = Servers(file ?? "").Where(server => !IsLoopback(server)).ToList();
            if (real.Count > 0)
                return Other(main) + string.Concat(real.Select(server => $"nameserver {server}\n"));
        }
        throw new PublicError(
            ErrorId.Network,
            "Every name server in /etc/resolv.conf is a loopback address, which a container with a network of its own can't reach, and none was found to take its place.",
            "put a name server that can be reached into /etc/resolv.conf",
            "use the host's network: --network host"
        );
    }

    private static List<string> Servers(string text) =>
        [
            .. Lines(text)
                .Select(line => line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
                .Where(words => words is ["nameserver", _, ..] && IPAddress.TryParse(words[1], out var _))
                .Select(words => words[1]),
        ];

    private static string Other(string text) =>
        string.Concat(
            Lines(text)
                .Where(line =>
                    line.StartsWith("search", StringComparison.Ordinal)
                    || line.StartsWith("options", StringComparison.Ordinal)
                )
                .Select(line => line + "\n")
        );

    private static IEnumerable<string> Lines(string text) => text.Split('\n').Select(line => line.Trim());

    private static bool IsLoopback(string server) => IPAddress.IsLoopback(IPAddress.Parse(server));

    private static string CheckAddress(string address) =>
        IPAddress.TryParse(address, out var parsed)
            ? parsed.ToString()
            : throw new PublicError(ErrorId.Usage, $"'{address}' is not an IP address.");

    private static string? TryRead(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
