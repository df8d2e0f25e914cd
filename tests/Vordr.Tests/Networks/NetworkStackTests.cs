using System.Net;
using Vordr.Networks;

namespace Vordr.Tests.Networks;

/// <summary>What a container's network can do, packet by packet.</summary>
public sealed class NetworkStackTests : IDisposable
{
    private readonly TestHost _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task PublishedPort_fromEverywhere_answers()
    {
        var stack = _host.Stack();
        var web = _host.Container(2, "8080:80");
        _host.SetUp(stack, web);
        _host.Serve(stack, web, 80, "web");
        _host.Ip("third", "route add 10.87.0.0/24 via 198.51.100.1");

        (await FromHost(IPAddress.Loopback, 8080)).Should().Be("web");
        (await FromHost(IPAddress.Parse("127.9.9.9"), 8080)).Should().Be("web");
        (await FromHost(_host.Default.Gateway, 8080)).Should().Be("web");
        (await FromHost(TestHost.Address, 8080)).Should().Be("web");
        (await FromThird(TestHost.Address, 8080)).Should().Be("web");
        (await FromThird(_host.Default.Gateway, 8080)).Should().Be("web");
    }

    [Fact]
    public async Task PublishedPort_onOneAddress_answersThereOnly()
    {
        var stack = _host.Stack();
        var web = _host.Container(2, "198.51.100.1:8080:80", "127.0.0.1:8081:80");
        _host.SetUp(stack, web);
        _host.Serve(stack, web, 80, "web");

        (await FromThird(TestHost.Address, 8080)).Should().Be("web");
        (await FromHost(TestHost.Address, 8080)).Should().Be("web");
        (await FromHost(IPAddress.Loopback, 8080, seconds: 1)).Should().BeNull();
        (await FromHost(IPAddress.Loopback, 8081)).Should().Be("web");
        (await FromThird(TestHost.Address, 8081, seconds: 1)).Should().BeNull();
    }

    [Fact]
    public async Task PublishedPort_udp_answers()
    {
        var stack = _host.Stack();
        var dns = _host.Container(2, "5353:53/udp");
        _host.SetUp(stack, dns);
        var server = TestHost.InContainer(stack, dns, _host.Udp);
        server.Bind(new IPEndPoint(IPAddress.Any, 53));
        var client = _host.OnThird(_host.Udp);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(15));

        await client.SendToAsync("?"u8.ToArray(), new IPEndPoint(TestHost.Address, 5353), limit.Token);
        var buffer = new byte[16];
        var question = await server.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), limit.Token);
        await server.SendToAsync("!"u8.ToArray(), question.RemoteEndPoint, limit.Token);
        var answer = await client.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), limit.Token);

        ((IPEndPoint)question.RemoteEndPoint).Address.Should().Be(TestHost.ThirdAddress);
        answer.RemoteEndPoint.Should().Be(new IPEndPoint(TestHost.Address, 5353));
    }

    [Fact]
    public async Task PublishedPort_udp_movesToTheNextContainerWithoutAPause()
    {
        var stack = _host.Stack();
        var (first, second) = (_host.Container(2, "5353:53/udp"), _host.Container(3, "5353:53/udp"));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        var client = _host.OnThird(_host.Udp);
        var buffer = new byte[16];
        foreach (var container in new[] { first, second })
        {
            _host.SetUp(stack, container);
            using var server = TestHost.InContainer(stack, container, _host.Udp);
            server.Bind(new IPEndPoint(IPAddress.Any, 53));

            await client.SendToAsync("?"u8.ToArray(), new IPEndPoint(TestHost.Address, 5353), limit.Token);

            (await server.ReceiveAsync(buffer, limit.Token)).Should().Be(1);
            _host.TearDown(stack, container);
        }
    }

    [Fact]
    public async Task LoopbackPort_routedToFromAnotherMachine_isNotReached()
    {
        // The other machine sends 127/8 to us, and we would even take it: everything but our rules is out of the way.
        _host.Ip("third", "addr del 127.0.0.1/8 dev lo");
        _host.Ip("third", "route add 127.0.0.0/8 via 198.51.100.1");
        _host.Inside("third", "sysctl", "-qw", "net.ipv4.conf.all.route_localnet=1");
        _host.Inside("host", "sysctl", "-qw", "net.ipv4.conf.all.route_localnet=1");
        using var plain = _host.OnHost(_host.Tcp);
        plain.Bind(new IPEndPoint(IPAddress.Loopback, 9999));
        plain.Listen(1);
        using (var probe = _host.OnThird(_host.Tcp))
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(15));
            await probe.ConnectAsync(IPAddress.Loopback, 9999, limit.Token);
            probe.Connected.Should().BeTrue("without our rules that way is open");
        }

        var stack = _host.Stack();
        var web = _host.Container(2, "127.0.0.1:8080:80", "8081:80");
        _host.SetUp(stack, web);
        _host.Serve(stack, web, 80, "web");

        (await FromHost(IPAddress.Loopback, 8080)).Should().Be("web");
        (await FromThird(IPAddress.Loopback, 8080, seconds: 1)).Should().BeNull();
        (await FromThird(IPAddress.Loopback, 8081, seconds: 1)).Should().BeNull();
        (await FromThird(IPAddress.Loopback, 9999, seconds: 1)).Should().BeNull();
    }

    [Fact]
    public async Task HostLoopback_fromAContainerThatRoutesThere_isNotReached()
    {
        var stack = _host.Stack();
        var evil = _host.Container(2);
        _host.SetUp(stack, evil);
        using var plain = _host.OnHost(_host.Tcp);
        plain.Bind(new IPEndPoint(IPAddress.Loopback, 9999));
        plain.Listen(1);

        // A container with NET_ADMIN: our bridge has route_localnet on, so only our rules stand between.
        TestHost.InContainer(
            stack,
            evil,
            () =>
            {
                File.WriteAllText("/proc/sys/net/ipv4/conf/all/route_localnet", "1");
                return 0;
            }
        );
        var pin = stack.PinPath(evil.ContainerId);
        TestHost.InNamespaceOf(pin, "ip", "addr", "del", "127.0.0.1/8", "dev", "lo");
        TestHost.InNamespaceOf(pin, "ip", "route", "add", "127.0.0.0/8", "via", "10.87.0.1");

        (await FromContainer(stack, evil, IPAddress.Loopback, 9999, seconds: 1)).Should().BeNull();
    }

    [Fact]
    public async Task ContainerAddress_routedToFromAnotherMachine_isNotReached()
    {
        var stack = _host.Stack();
        var web = _host.Container(2);
        _host.SetUp(stack, web);
        _host.Serve(stack, web, 80, "web");
        using var guarded = _host.OnHost(_host.Tcp);
        guarded.Bind(new IPEndPoint(_host.Default.Gateway, 53));
        guarded.Listen(1);
        _host.Ip("third", "route add 10.87.0.0/24 via 198.51.100.1");

        (await FromThird(web.Address, 80, seconds: 1)).Should().BeNull();
        (await CanConnect(_host.OnThird(_host.Tcp), _host.Default.Gateway, 53, seconds: 1)).Should().BeFalse();
        (await CanConnect(TestHost.InContainer(stack, web, _host.Tcp), _host.Default.Gateway, 53)).Should().BeTrue();

        _host.Nft("delete table ip vordr-abc123");
        (await FromThird(web.Address, 80)).Should().Be("web", "it was our rules that kept it out");
    }

    [Fact]
    public async Task Container_callingOut_isMasqueraded()
    {
        var stack = _host.Stack();
        var container = _host.Container(2);
        _host.SetUp(stack, container);
        var server = _host.OnThird(_host.Tcp);
        server.Bind(new IPEndPoint(TestHost.ThirdAddress, 80));
        server.Listen(1);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(15));

        using var client = TestHost.InContainer(stack, container, _host.Tcp);
        var accepted = server.AcceptAsync(limit.Token);
        await client.ConnectAsync(TestHost.ThirdAddress, 80, limit.Token);
        using var connection = await accepted;

        ((IPEndPoint)connection.RemoteEndPoint!).Address.Should().Be(TestHost.Address);
    }

    [Fact]
    public async Task Container_withForgedSource_isNotLetOut()
    {
        var stack = _host.Stack();
        var evil = _host.Container(2);
        _host.SetUp(stack, evil);
        TestHost.InNamespaceOf(stack.PinPath(evil.ContainerId), "ip", "addr", "add", "203.0.113.7/32", "dev", "eth0");
        _host.Ip("third", "route add 203.0.113.0/24 via 198.51.100.1");
        _host.Ip("host", "route add 203.0.113.0/24 dev vbabc123-0");
        var server = _host.OnThird(_host.Tcp);
        server.Bind(new IPEndPoint(TestHost.ThirdAddress, 80));
        server.Listen(1);

        var forged = TestHost.InContainer(stack, evil, _host.Tcp);
        forged.Bind(new IPEndPoint(IPAddress.Parse("203.0.113.7"), 0));

        (await CanConnect(forged, TestHost.ThirdAddress, 80, seconds: 1)).Should().BeFalse();
        (await CanConnect(TestHost.InContainer(stack, evil, _host.Tcp), TestHost.ThirdAddress, 80)).Should().BeTrue();
    }

    [Theory]
    [InlineData("0")]
    [InlineData("1")]
    public async Task PublishedPort_fromContainersBesideAndWithin_answers(string bridgedPacketsPassTheFirewall)
    {
        _host.OnHost(() =>
        {
            const string setting = "/proc/sys/net/bridge/bridge-nf-call-iptables";
            if (File.Exists(setting))
                File.WriteAllText(setting, bridgedPacketsPassTheFirewall);
        });
        _host.Networks.Add(TestHost.Network(1, "vordr-abc123"));
        var stack = _host.Stack();
        var web = _host.Container(2, "8080:80");
        var sibling = _host.Container(3);
        var stranger = _host.Container(2, _host.Networks[1]) with { HostIfName = "vabc123stranger" };
        foreach (var container in new[] { web, sibling, stranger })
            _host.SetUp(stack, container);
        _host.Serve(stack, web, 80, "web");

        (await FromContainer(stack, web, TestHost.Address, 8080)).Should().Be("web", "it calls itself");
        (await FromContainer(stack, web, _host.Default.Gateway, 8080)).Should().Be("web");
        (await FromContainer(stack, sibling, TestHost.Address, 8080)).Should().Be("web");
        (await FromContainer(stack, sibling, web.Address, 80)).Should().Be("web", "they are on one network");
        (await FromContainer(stack, stranger, TestHost.Address, 8080)).Should().Be("web");
        (await FromContainer(stack, stranger, web.Address, 80, seconds: 1)).Should().BeNull("it is on another network");
    }

    [Fact]
    public void Container_onABridge_hasNoAddressButItsOwn()
    {
        var stack = _host.Stack();
        var container = _host.Container(2);
        _host.SetUp(stack, container);

        var inside = TestHost.InNamespaceOf(stack.PinPath(container.ContainerId), "ip", "-brief", "address");

        inside.Should().Contain("10.87.0.2/24").And.Contain("127.0.0.1/8").And.NotContain("fe80");
        _host.Ip("host", "-brief address show dev vbabc123-0").Should().Contain("10.87.0.1/24").And.NotContain("fe80");
    }

    [Fact]
    public void SetUp_onAThread_leavesTheThreadWhereItWas()
    {
        var stack = _host.Stack();
        var container = _host.Container(2);

        var (before, after) = _host.OnHost(() =>
        {
            var here = File.ResolveLinkTarget("/proc/thread-self/ns/net", false)!.Name;
            stack.SetUp(container, _host.Default, _host.State);
            return (here, File.ResolveLinkTarget("/proc/thread-self/ns/net", false)!.Name);
        });

        after.Should().Be(before);
    }

    private Task<string?> FromHost(IPAddress address, int port, int seconds = 15) =>
        TestHost.CallAsync(_host.OnHost(_host.Tcp), address, port, seconds);

    private Task<string?> FromThird(IPAddress address, int port, int seconds = 15) =>
        TestHost.CallAsync(_host.OnThird(_host.Tcp), address, port, seconds);

    private Task<string?> FromContainer(
        NetworkStack stack,
        Attachment container,
        IPAddress address,
        int port,
        int seconds = 15
    ) => TestHost.CallAsync(TestHost.InContainer(stack, container, _host.Tcp), address, port, seconds);

    private static async Task<bool> CanConnect(
        System.Net.Sockets.Socket socket,
        IPAddress address,
        int port,
        int seconds = 15
    )
    {
        using (socket)
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
            try
            {
                await socket.ConnectAsync(address, port, limit.Token);
                return true;
            }
            catch (OperationCanceledException)
            {
                return false;
            }
        }
    }
}
