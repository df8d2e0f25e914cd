using System.Net;
using System.Net.Sockets;
using Oci.Errors;
using Vordr.Networks;

namespace Vordr.Tests.Networks;

/// <summary>Ports that are taken on a real host.</summary>
public sealed class PortSettlementTests : IDisposable
{
    private readonly TestHost _host = new();

    public void Dispose() => _host.Dispose();

    [Theory]
    [InlineData("127.0.0.1", "8080:80")]
    [InlineData("0.0.0.0", "8080:80")]
    [InlineData("0.0.0.0", "127.0.0.1:8080:80")]
    [InlineData("0.0.0.0", "8080:80/udp")]
    public void SettlePorts_whenAProgramListens_namesIt(string listening, string port)
    {
        using var listener = _host.OnHost(() =>
            port.EndsWith("udp", StringComparison.Ordinal) ? _host.Udp() : _host.Tcp()
        );
        listener.Bind(new IPEndPoint(IPAddress.Parse(listening), 8080));
        if (listener.ProtocolType == ProtocolType.Tcp)
            listener.Listen(1);

        var refuse = () => Settle(_host.Stack(), port);

        var error = refuse.Should().Throw<PublicError>().Which;
        error.Id.Should().Be(ErrorId.PortInUse);
        error.Message.Should().Contain("8080").And.Contain($"(pid {Environment.ProcessId})");
    }

    [Fact]
    public void SettlePorts_whenAProgramListensOnBothFamilies_isRefused()
    {
        using var listener = _host.OnHost(() =>
            new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp)
        );
        listener.DualMode = true;
        listener.Bind(new IPEndPoint(IPAddress.IPv6Any, 8080));
        listener.Listen(1);

        var refuse = () => Settle(_host.Stack(), "8080:80");

        refuse.Should().Throw<PublicError>().Which.Id.Should().Be(ErrorId.PortInUse);
    }

    [Fact]
    public void SettlePorts_whenAnotherInstancePublishes_namesItsContainer()
    {
        const string other = "vordr-def456";
        var network = TestHost.Network(7, other);
        var place = new Attachment
        {
            ContainerId = "theirs",
            Network = network.Name,
            Address = IPAddress.Parse("10.87.7.2"),
            HostIfName = InterfaceNames.Veth(other, "theirs"),
            Ports = [PublishedPort.Parse("127.0.0.1:8080:80"), PublishedPort.Parse("53:53/udp")],
        };
        _host.OnHost(() => _host.Stack(other).SetUp(place, network, () => new NetworkState([network], [place])));

        var tcp = () => Settle(_host.Stack(), "8080:80");
        var udp = () => Settle(_host.Stack(), "53:53/udp");

        tcp.Should().Throw<PublicError>().Which.Message.Should().Contain("theirs").And.Contain(other);
        udp.Should().Throw<PublicError>().Which.Message.Should().Contain("theirs");
        Settle(_host.Stack(), "53:53").Should().ContainSingle();
    }

    [Fact]
    public void SettlePorts_ofAnAddressThatTheHostLacks_isTheCallersMistake()
    {
        var refuse = () => Settle(_host.Stack(), "203.0.113.9:8080:80");

        refuse.Should().Throw<PublicError>().Which.Id.Should().Be(ErrorId.Usage);
    }

    [Fact]
    public void SettlePorts_ofAnyPort_givesOneInTheOrderAskedFor()
    {
        var settled = Settle(_host.Stack(), "0:80", "8080:81", "127.0.0.1:0:82/udp");

        settled.Select(port => port.ContainerPort).Should().Equal(80, 81, 82);
        settled.Should().OnlyContain(port => port.HostPort > 0);
        settled[1].HostPort.Should().Be(8080);
    }

    [Fact]
    public void Publish_ofAPortThatAnotherContainerTookMeanwhile_namesIt()
    {
        var stack = _host.Stack();
        var (first, second) = (_host.Container(2, "8080:80"), _host.Container(3, "8080:80"));
        _host.SetUp(stack, first);

        var refuse = () => _host.SetUp(stack, second);

        var error = refuse.Should().Throw<PublicError>().Which;
        error.Id.Should().Be(ErrorId.PortInUse);
        error.Message.Should().Contain("8080").And.Contain(first.ContainerId);
        _host.SetUp(stack, first);
    }

    [Fact]
    public void ChooseSubnet_onAHostWithRoutes_avoidsThem()
    {
        _host.Ip("host", "addr add 10.87.0.200/28 dev wan0");
        _host.Ip("host", "route add unreachable 10.87.1.0/25");
        _host.Ip("host", "route add 10.87.2.3/32 dev wan0 table 77");
        var stack = _host.Stack("vordr");

        _host
            .OnHost(() => stack.ChooseSubnet([IPNetwork.Parse("10.87.3.0/24")]))
            .ToString()
            .Should()
            .Be("10.87.4.0/24");
        var refuse = () => _host.OnHost(() => stack.CheckSubnet(IPNetwork.Parse("10.87.1.0/24"), []));
        refuse.Should().Throw<PublicError>().Which.Id.Should().Be(ErrorId.NetworkConflict);
    }

    [Fact]
    public void ChooseSubnet_ofIdleInstances_differs()
    {
        string[] instances = ["vordr", "vordr-abc123", "vordr-abc124", "vordr-def456"];

        instances
            .Select(instance => _host.OnHost(() => _host.Stack(instance).ChooseSubnet([])).ToString())
            .Should()
            .OnlyHaveUniqueItems()
            .And.StartWith("10.87.0.0/24");
    }

    [Fact]
    public void SetUp_whenTheSubnetWasTakenMeanwhile_isRefused()
    {
        _host.Ip("host", "addr add 10.87.0.200/28 dev wan0");
        var before = _host.Look();
        var stack = _host.Stack();
        var container = _host.Container(2);

        var refuse = () => _host.SetUp(stack, container);

        refuse.Should().Throw<PublicError>().Which.Id.Should().Be(ErrorId.NetworkConflict);
        _host.TearDown(stack, container);
        _host.OnHost(() => stack.ReleaseUnused(_host.State()));
        _host.Look().Should().Be(before);
    }

    private IReadOnlyList<PublishedPort> Settle(NetworkStack stack, params string[] ports) =>
        _host.OnHost(() => stack.SettlePorts([.. ports.Select(PublishedPort.Parse)], []));
}
