using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Oci.Errors;

namespace Vordr.Networks.Ports;

/// <summary>
/// Sockets of the host's programs. A published port would take packets away from a program that listens there, so
/// the port is tried by binding it; who has it is looked up only when that fails.
/// </summary>
internal static class HostListeners
{
    /// <summary>Binds the port and lets it go again; returns the port that the kernel gave, which matters for port 0.</summary>
    /// <exception cref="PublicError"><see cref="ErrorId.PortInUse"/>, naming the program; or <see cref="ErrorId.Usage"/>.</exception>
    public static ushort Probe(PublishedPort port)
    {
        var (type, protocol) =
            port.Protocol == PortProtocol.Tcp
                ? (SocketType.Stream, ProtocolType.Tcp)
                : (SocketType.Dgram, ProtocolType.Udp);
        using var socket = new Socket(AddressFamily.InterNetwork, type, protocol);
        try
        {
            socket.Bind(new IPEndPoint(port.HostIp ?? IPAddress.Any, port.HostPort));
            // Of two TCP sockets that allow each other to bind, only one may listen.
            if (port.Protocol == PortProtocol.Tcp)
                socket.Listen(1);
            return (ushort)((IPEndPoint)socket.LocalEndPoint!).Port;
        }
        catch (SocketException refused) when (refused.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw PortPlan.Taken(port, Owner(port) is { } owner ? $"{owner} listens on it" : "a program listens on it");
        }
        catch (SocketException refused) when (refused.SocketErrorCode == SocketError.AddressNotAvailable)
        {
            throw new PublicError(
                ErrorId.Usage,
                $"The port '{port}' can't be published: this host doesn't have the address {port.HostIp}.",
                refused,
                "see the host's addresses: ip -brief address"
            );
        }
    }

    /// <summary>A free host port for a port that asked for any: free for the kernel, and published by nobody.</summary>
    public static PublishedPort FindFree(PublishedPort port, IReadOnlyCollection<PortOwner> taken)
    {
        // The kernel doesn't know of published ports, which have no socket; it picks at random, so this ends soon.
        for (var attempt = 0; attempt < 64; attempt++)
        {
            var candidate = port with { HostPort = Probe(port) };
            if (!taken.Any(other => other.Port.ConflictsWith(candidate)))
                return candidate;
        }
        throw PortPlan.Taken(port, "no free port was found");
    }

    /// <summary>The program that has the port, as <c>nginx (pid 12)</c>, or null when it can't be told.</summary>
    private static string? Owner(PublishedPort port)
    {
        var inodes = new HashSet<string>(StringComparer.Ordinal);
        foreach (var table in new[] { port.ProtocolName, port.ProtocolName + "6" })
        {
            // thread-self: the tables of the namespace we are in, whichever that is.
            if (File.Exists($"/proc/thread-self/net/{table}"))
                inodes.UnionWith(Inodes(File.ReadLines($"/proc/thread-self/net/{table}"), port.HostPort));
        }
        return inodes.Count == 0
            ? null
            : Directory
                .EnumerateDirectories("/proc")
                .Where(process => char.IsAsciiDigit(Path.GetFileName(process)[0]))
                .Where(process => Holds(process, inodes))
                .Select(process => $"{ReadName(process)} (pid {Path.GetFileName(process)})")
                .FirstOrDefault();
    }

    /// <summary>Inodes of sockets bound to the port (proc_pid_net(5)): local address in column 2, inode in column 10.</summary>
    internal static IEnumerable<string> Inodes(IEnumerable<string> table, ushort port)
    {
        foreach (var line in table.Skip(1))
        {
            var columns = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (columns.Length < 10 || columns[1].LastIndexOf(':') is not (> 0 and var colon))
                continue;
            var local = columns[1].AsSpan(colon + 1);
            if (
                ushort.TryParse(local, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var its)
                && its == port
            )
                yield return $"socket:[{columns[9]}]";
        }
    }

    private static bool Holds(string process, HashSet<string> inodes)
    {
        try
        {
            return Directory
                .EnumerateFileSystemEntries(Path.Join(process, "fd"))
                .Any(descriptor => File.ResolveLinkTarget(descriptor, false) is { } link && inodes.Contains(link.Name));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string ReadName(string process)
    {
        try
        {
            return File.ReadAllText(Path.Join(process, "comm")).Trim();
        }
        catch (IOException)
        {
            return "a program";
        }
    }
}
