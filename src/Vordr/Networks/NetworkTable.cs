using System.Net;
using Microsoft.Data.Sqlite;
using Vordr.Containers;
using Vordr.State;

namespace Vordr.Networks;

/// <summary>A network as the database has it.</summary>
/// <param name="Definition">What the kernel's part is made from.</param>
/// <param name="Last">Address given out last, or null.</param>
/// <param name="Created">When it was made.</param>
internal sealed record NetworkRow(NetworkDefinition Definition, IPAddress? Last, DateTimeOffset Created);

/// <summary>Rows of networks, addresses and published ports, inside the transaction that needs them.</summary>
internal static class NetworkTable
{
    private const string Select = "SELECT name, subnet, gateway, bridge, last, created FROM networks";

    /// <summary>Records a network.</summary>
    public static void Insert(this Session session, NetworkRow row) =>
        session.Execute(
            "INSERT INTO networks (name, subnet, gateway, bridge, created) VALUES ($1, $2, $3, $4, $5)",
            row.Definition.Name,
            row.Definition.Subnet.ToString(),
            row.Definition.Gateway.ToString(),
            row.Definition.BridgeName,
            row.Created.ToUnixTimeMilliseconds()
        );

    /// <summary>Forgets a network.</summary>
    public static void DeleteNetwork(this Session session, string name) =>
        session.Execute("DELETE FROM networks WHERE name = $1", name);

    /// <summary>The network of this name.</summary>
    public static NetworkRow? FindNetwork(this Session session, string name) =>
        session.First(Select + " WHERE name = $1", Read, name);

    /// <summary>Every network, oldest first.</summary>
    public static List<NetworkRow> Networks(this Session session) =>
        session.Query(Select + " ORDER BY created, name", Read);

    /// <summary>How many containers hold an address in the network.</summary>
    public static int Users(this Session session, string network) =>
        (int)session.Count("SELECT count(*) FROM addresses WHERE network = $1", network);

    /// <summary>Whether any container holds an address.</summary>
    public static bool AnyAddress(this Session session) =>
        session.Count("SELECT EXISTS (SELECT 1 FROM addresses)") != 0;

    /// <summary>How many containers, running or not, would join the network.</summary>
    public static int Members(this Session session, string network) =>
        (int)session.Count("SELECT count(*) FROM containers WHERE network = $1", network);

    /// <summary>The container's address in its network, given out now if it has none.</summary>
    public static IPAddress GiveAddress(this Session session, NetworkRow network, ContainerId container)
    {
        var name = network.Definition.Name;
        if (session.FindAddress(container) is { } held)
            return held;
        var taken = session.Query(
            "SELECT address FROM addresses WHERE network = $1",
            row => IPAddress.Parse(row.GetString(0)),
            name
        );
        var address = AddressPool.Next(network.Definition.Subnet, network.Definition.Gateway, taken, network.Last);
        session.Execute(
            "INSERT INTO addresses (network, address, container) VALUES ($1, $2, $3)",
            name,
            address.ToString(),
            container.ToString()
        );
        session.Execute("UPDATE networks SET last = $2 WHERE name = $1", name, address.ToString());
        return address;
    }

    /// <summary>The container's address.</summary>
    public static IPAddress? FindAddress(this Session session, ContainerId container) =>
        session.First(
            "SELECT address FROM addresses WHERE container = $1",
            row => IPAddress.Parse(row.GetString(0)),
            container.ToString()
        );

    /// <summary>Takes ports for a container; they have been found free under the network lock.</summary>
    public static void TakePorts(this Session session, ContainerId container, IEnumerable<PublishedPort> ports)
    {
        foreach (var port in ports)
        {
            session.Execute(
                "INSERT INTO ports (host_port, protocol, host_address, container, container_port) VALUES ($1, $2, $3, $4, $5)",
                (int)port.HostPort,
                port.ProtocolName,
                (port.HostIp ?? IPAddress.Any).ToString(),
                container.ToString(),
                (int)port.ContainerPort
            );
        }
    }

    /// <summary>Gives address and ports of a container back.</summary>
    public static void GiveBackNetwork(this Session session, ContainerId container)
    {
        session.Execute("DELETE FROM ports WHERE container = $1", container.ToString());
        session.Execute("DELETE FROM addresses WHERE container = $1", container.ToString());
    }

    /// <summary>The ports that a container has published.</summary>
    public static List<PublishedPort> Ports(this Session session, ContainerId container) =>
        session.Query(
            "SELECT host_address, host_port, container_port, protocol FROM ports WHERE container = $1 ORDER BY container_port, host_port",
            row => ReadPort(row, 0),
            container.ToString()
        );

    /// <summary>Every published port with the name of its container.</summary>
    public static List<PortOwner> PortOwners(this Session session) =>
        session.Query(
            """
            SELECT c.name, p.host_address, p.host_port, p.container_port, p.protocol
            FROM ports p JOIN containers c ON c.id = p.container
            """,
            row => new PortOwner(row.GetString(0), ReadPort(row, 1))
        );

    /// <summary>Every published port, by the id of its container.</summary>
    public static ILookup<string, PublishedPort> PortsByContainer(this Session session) =>
        session
            .Query(
                "SELECT container, host_address, host_port, container_port, protocol FROM ports ORDER BY container_port, host_port",
                row => (Container: row.GetString(0), Port: ReadPort(row, 1))
            )
            .ToLookup(pair => pair.Container, pair => pair.Port);

    /// <summary>What the kernel should have.</summary>
    public static NetworkState NetworkState(this Session session, string instance)
    {
        var ports = session.PortsByContainer();
        var attachments = session.Query(
            "SELECT container, network, address FROM addresses",
            row => new Attachment
            {
                ContainerId = row.GetString(0),
                Network = row.GetString(1),
                Address = IPAddress.Parse(row.GetString(2)),
                HostIfName = InterfaceNames.Veth(instance, row.GetString(0)),
                Ports = [.. ports[row.GetString(0)]],
            }
        );
        return new NetworkState([.. session.Networks().Select(row => row.Definition)], attachments);
    }

    private static PublishedPort ReadPort(SqliteDataReader row, int first) =>
        new()
        {
            HostIp = row.GetString(first) == "0.0.0.0" ? null : IPAddress.Parse(row.GetString(first)),
            HostPort = (ushort)row.GetInt32(first + 1),
            ContainerPort = (ushort)row.GetInt32(first + 2),
            Protocol = row.GetString(first + 3) == "udp" ? PortProtocol.Udp : PortProtocol.Tcp,
        };

    private static NetworkRow Read(SqliteDataReader row) =>
        new(
            new NetworkDefinition
            {
                Name = row.GetString(0),
                Subnet = IPNetwork.Parse(row.GetString(1)),
                Gateway = IPAddress.Parse(row.GetString(2)),
                BridgeName = row.GetString(3),
            },
            row.TextOrNull(4) is { } last ? IPAddress.Parse(last) : null,
            row.Time(5)
        );
}
