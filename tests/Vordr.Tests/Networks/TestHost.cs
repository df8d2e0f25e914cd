using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Vordr.Linux;
using Vordr.Networks;

namespace Vordr.Tests.Networks;

/// <summary>
/// A "host" that is a network namespace of its own, and a "third" machine beside it, joined by a wire:
/// 198.51.100.1 (host, <c>wan0</c>) – 198.51.100.2 (third). The real host is never touched.
/// </summary>
internal sealed class TestHost : IDisposable
{
    public static readonly IPAddress Address = IPAddress.Parse("198.51.100.1");
    public static readonly IPAddress ThirdAddress = IPAddress.Parse("198.51.100.2");

    private readonly string _directory = Path.Join(Path.GetTempPath(), $"vordr-net-{Guid.NewGuid():N}");
    private readonly SafeFileHandle _host;
    private readonly SafeFileHandle _third;
    private readonly List<NetworkStack> _stacks = [];
    private readonly List<Socket> _sockets = [];

    public TestHost()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Network namespaces need root.");
        Directory.CreateDirectory(_directory);
        try
        {
            _host = Create("host");
            _third = Create("third");
            // A new namespace begins with the real host's settings, whatever those are just now.
            Inside("host", "sysctl", "-qw", "net.ipv4.ip_forward=0", "net.ipv4.conf.all.route_localnet=0");
            Ip("host", "link add wan0 type veth peer name eth0 netns THIRD");
            Ip("host", "addr add 198.51.100.1/24 dev wan0");
            Ip("host", "link set wan0 up");
            Ip("third", "addr add 198.51.100.2/24 dev eth0");
            Ip("third", "link set eth0 up");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>State as the engine would tell it; tests change it.</summary>
    public List<Attachment> Attachments { get; } = [];

    public List<NetworkDefinition> Networks { get; } = [Network(0, "vordr-abc123")];

    public NetworkDefinition Default => Networks[0];

    public NetworkState State() => new([.. Networks], [.. Attachments]);

    public string RunRoot(string instance = "vordr-abc123") => Path.Join(_directory, instance);

    public static NetworkDefinition Network(int index, string instance) =>
        new()
        {
            Name = $"net{index}",
            BridgeName = InterfaceNames.Bridge(instance, index),
            Subnet = IPNetwork.Parse($"10.87.{index}.0/24"),
            Gateway = IPAddress.Parse($"10.87.{index}.1"),
        };

    /// <summary>A stack as a new process would have it.</summary>
    public NetworkStack Stack(string instance = "vordr-abc123")
    {
        var stack = new NetworkStack(new NetworkStackOptions(instance, RunRoot(instance)));
        _stacks.Add(stack);
        return stack;
    }

    /// <summary>A container's place on a network: address <c>10.87.n.(number)</c>.</summary>
    public Attachment Container(int number, params string[] ports) => Container(number, Default, ports);

    public Attachment Container(int number, NetworkDefinition network, params string[] ports)
    {
        var bytes = network.Gateway.GetAddressBytes();
        bytes[3] = (byte)number;
        var id = $"{number:x4}{network.Name.GetHashCode(StringComparison.Ordinal) & 0xff:x2}".PadLeft(64, 'c');
        var attachment = new Attachment
        {
            ContainerId = $"{number:x8}{id[8..]}",
            Network = network.Name,
            Address = new IPAddress(bytes),
            HostIfName = InterfaceNames.Veth("vordr-abc123", $"{number:x8}"),
            Ports = [.. ports.Select(PublishedPort.Parse)],
        };
        Attachments.Add(attachment);
        return attachment;
    }

    /// <summary>Work as the host: on a thread in its namespace.</summary>
    public T OnHost<T>(Func<T> work) => NetworkNamespace.InNamespace(_host, work);

    public void OnHost(Action work) =>
        OnHost(() =>
        {
            work();
            return 0;
        });

    public T OnThird<T>(Func<T> work) => NetworkNamespace.InNamespace(_third, work);

    public static T InContainer<T>(NetworkStack stack, Attachment attachment, Func<T> work)
    {
        using var target =
            NetworkNamespace.TryOpen(stack.PinPath(attachment.ContainerId))
            ?? throw new InvalidOperationException("The container has no namespace.");
        return NetworkNamespace.InNamespace(target, work);
    }

    public IReadOnlyList<string> SetUp(NetworkStack stack, Attachment attachment) =>
        OnHost(() => stack.SetUp(attachment, State().Network(attachment.Network), State));

    public void TearDown(NetworkStack stack, Attachment attachment) =>
        OnHost(() =>
        {
            stack.TearDown(attachment.ContainerId);
            Attachments.Remove(attachment);
        });

    /// <summary>A TCP server in a container that says its name to whoever connects.</summary>
    public void Serve(NetworkStack stack, Attachment attachment, int port, string name) =>
        InContainer(
            stack,
            attachment,
            () =>
            {
                var listener = Tcp();
                listener.Bind(new IPEndPoint(IPAddress.Any, port));
                listener.Listen(16);
                _ = AnswerAsync(listener, name);
                return 0;
            }
        );

    public Socket Tcp() => Open(SocketType.Stream, ProtocolType.Tcp);

    public Socket Udp() => Open(SocketType.Dgram, ProtocolType.Udp);

    /// <summary>What a server answers to a connection on this socket; null: nothing comes for so long.</summary>
    public static async Task<string?> CallAsync(Socket socket, IPAddress address, int port, int seconds = 15)
    {
        using (socket)
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
            try
            {
                await socket.ConnectAsync(new IPEndPoint(address, port), limit.Token);
                var buffer = new byte[64];
                return Encoding.ASCII.GetString(buffer, 0, await socket.ReceiveAsync(buffer, limit.Token));
            }
            catch (OperationCanceledException)
            {
                return null;
            }
            catch (SocketException)
            {
                return null;
            }
        }
    }

    /// <summary>Names of links, routes, rule set and settings: what must be the same before and after.</summary>
    public string Look() =>
        string.Concat(Ip("host", "-o link show").Split('\n').Select(line => line.Split('<')[0] + '\n'))
        + Ip("host", "-4 route show table all").Replace(" linkdown", "", StringComparison.Ordinal)
        + Nft("list ruleset")
        + IpForward
        + OnHost(() => File.ReadAllText("/proc/sys/net/ipv4/conf/all/route_localnet"));

    /// <summary>Files under the run root: none when nothing is up.</summary>
    public IEnumerable<string> Files() =>
        Directory.Exists(RunRoot()) ? Directory.EnumerateFiles(RunRoot(), "*", SearchOption.AllDirectories) : [];

    public string Nft(string command) => Inside("host", "nft", command.Split(' '));

    /// <summary>Runs <c>ip</c> in one of the namespaces.</summary>
    public string Ip(string place, string command) =>
        Inside(
            place,
            "ip",
            command.Replace("THIRD", Path.Join(_directory, "third"), StringComparison.Ordinal).Split(' ')
        );

    public string Inside(string place, string program, params string[] arguments) =>
        InNamespaceOf(Path.Join(_directory, place), program, arguments);

    /// <summary>Runs a program in the namespace that is pinned there.</summary>
    public static string InNamespaceOf(string pin, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo("nsenter", [$"--net={pin}", program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {error}");
    }

    public string IpForward => OnHost(() => File.ReadAllText("/proc/sys/net/ipv4/ip_forward")).Trim();

    /// <summary>Sockets keep namespaces alive; a container that has ended has none.</summary>
    public void CloseSockets()
    {
        lock (_sockets)
        {
            _sockets.ForEach(socket => socket.Dispose());
            _sockets.Clear();
        }
    }

    public void Dispose()
    {
        CloseSockets();
        _stacks.ForEach(stack => stack.Dispose());
        _host?.Dispose();
        _third?.Dispose();
        foreach (var pin in Directory.EnumerateFiles(_directory, "*", SearchOption.AllDirectories))
            NetworkNamespace.Unpin(pin);
        Directory.Delete(_directory, recursive: true);
    }

    private SafeFileHandle Create(string name)
    {
        var (handle, socket) = NetworkNamespace.CreateOrOpen(Path.Join(_directory, name));
        using (socket)
            socket.Execute(new RouteBatch().Up(1));
        return handle;
    }

    private Socket Open(SocketType type, ProtocolType protocol)
    {
        var socket = new Socket(AddressFamily.InterNetwork, type, protocol);
        lock (_sockets)
            _sockets.Add(socket);
        return socket;
    }

    private static async Task AnswerAsync(Socket listener, string name)
    {
        try
        {
            while (true)
            {
                using var connection = await listener.AcceptAsync();
                await connection.SendAsync(Encoding.ASCII.GetBytes(name));
            }
        }
        catch (SocketException)
        {
            // The test is over.
        }
        catch (ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
