using System.Net;
using Vordr.Networks;

namespace Vordr.Tests.Networks;

/// <summary>What stays after an interruption, what comes back, and what is left behind: nothing.</summary>
public sealed class NetworkRecoveryTests : IDisposable
{
    private const string Bridge = "vbabc123-0";
    private const string Table = "vordr-abc123";
    private readonly TestHost _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task TearDown_ofEverything_leavesTheHostAsItWas()
    {
        var before = _host.Look();
        var stack = _host.Stack();
        var containers = Enumerable
            .Range(2, 3)
            .Select(i => _host.Container(i, $"80{i}0:80", $"127.0.0.1:80{i}1:80/udp"))
            .ToList();
        containers.ForEach(container => _host.SetUp(stack, container));
        _host.Serve(stack, containers[0], 80, "web");
        (await TestHost.CallAsync(_host.OnThird(_host.Tcp), TestHost.Address, 8020)).Should().Be("web");
        _host.CloseSockets();

        containers.ForEach(container => _host.TearDown(stack, container));
        _host.OnHost(() => stack.ReleaseUnused(_host.State()));

        _host.Look().Should().Be(before);
        _host.Files().Should().BeEmpty();
    }

    [Fact]
    public void TearDown_ofOne_leavesTheOthers()
    {
        var stack = _host.Stack();
        var (one, other) = (_host.Container(2, "8020:80"), _host.Container(3, "8030:80"));
        _host.SetUp(stack, one);
        _host.SetUp(stack, other);

        _host.TearDown(stack, one);
        _host.TearDown(stack, one);
        _host.OnHost(() => stack.ReleaseUnused(_host.State()));

        _host.Nft($"list table ip {Table}").Should().Contain(other.ContainerId).And.NotContain(one.ContainerId);
        File.Exists(stack.PinPath(one.ContainerId)).Should().BeFalse();
        File.Exists(stack.PinPath(other.ContainerId)).Should().BeTrue();
    }

    [Fact]
    public void TearDown_ofWhatNeverWasSetUp_isFine()
    {
        var before = _host.Look();
        var stack = _host.Stack();
        var container = _host.Container(2, "8020:80/udp");

        _host.TearDown(stack, container);
        _host.OnHost(() =>
        {
            stack.RemoveNetwork(_host.Default);
            stack.ReleaseUnused(_host.State());
        });

        _host.Look().Should().Be(before);
    }

    [Fact]
    public void RemoveNetwork_leavesNothingOfItAndAllOfTheOther()
    {
        _host.Networks.Add(TestHost.Network(1, Table));
        var stack = _host.Stack();
        var (web, other) = (_host.Container(2, "8020:80"), _host.Container(3, _host.Networks[1]));
        _host.SetUp(stack, web);
        _host.SetUp(stack, other);
        _host.TearDown(stack, other);

        _host.OnHost(() => stack.RemoveNetwork(_host.Networks[1]));

        _host.Nft("list ruleset").Should().Contain("network:net0").And.NotContain("network:net1");
        _host.Ip("host", "-o link show").Should().Contain("vbabc123-0").And.NotContain("vbabc123-1");
        _host.SetUp(stack, other);
        _host.Nft("list ruleset").Should().Contain("network:net1");
    }

    [Theory]
    [InlineData("flush ruleset")]
    [InlineData("delete table ip vordr-abc123")]
    [InlineData("flush table ip vordr-abc123")]
    [InlineData("flush chain ip vordr-abc123 dstnat")]
    [InlineData("flush map ip vordr-abc123 ports_any")]
    [InlineData("flush set ip vordr-abc123 subnets")]
    public async Task Firewall_changedBySomebody_isWholeAfterTheNextUse(string command)
    {
        var stack = _host.Stack();
        var web = _host.Container(2, "8020:80");
        _host.SetUp(stack, web);
        _host.Serve(stack, web, 80, "web");
        var whole = _host.Nft($"list table ip {Table}");
        _host.Nft(command);
        _host.Nft($"list ruleset").Should().NotBe(whole);

        _host.SetUp(_host.Stack(), _host.Container(3));

        (await TestHost.CallAsync(_host.OnThird(_host.Tcp), TestHost.Address, 8020)).Should().Be("web");
        _host.Nft($"list table ip {Table}").Should().Be(whole);
    }

    [Fact]
    public void Firewall_ofAnOlderVersion_isMadeAnew()
    {
        var stack = _host.Stack();
        _host.SetUp(stack, _host.Container(2, "8020:80"));
        var whole = _host.Nft($"list table ip {Table}");
        _host.Nft($"add rule ip {Table} forward counter drop");
        var memory = Path.Join(_host.RunRoot(), "firewall");
        File.WriteAllLines(memory, File.ReadAllLines(memory).Select((line, i) => i == 1 ? "0000000000000000" : line));

        _host.SetUp(_host.Stack(), _host.Container(3));

        _host.Nft($"list table ip {Table}").Should().Be(whole);
    }

    /// <summary>Every state in which a set-up can have been killed.</summary>
    public static TheoryData<string> Remains() =>
        [
            "an empty pin",
            "a pin mounted twice",
            "a bridge without anything",
            "a bridge without alias",
            "a pair without alias",
            "a pair without addresses",
            "a pair on no bridge",
            "a pair into another namespace",
            "an inner end only",
            "a table without memory",
            "host settings without table",
            "elements without memory",
            "everything",
            "half a memory of host settings",
            "bridges gone, table and settings left",
        ];

    [Theory]
    [MemberData(nameof(Remains))]
    public async Task SetUp_afterAnInterruption_finishes(string remains)
    {
        var before = _host.Look();
        var stack = _host.Stack();
        var web = _host.Container(2, "8020:80");
        Leave(stack, web, remains);

        var next = _host.Stack();
        _host.SetUp(next, web);

        _host.Serve(next, web, 80, "web");
        (await TestHost.CallAsync(_host.OnThird(_host.Tcp), TestHost.Address, 8020)).Should().Be("web");
        (await TestHost.CallAsync(_host.OnHost(_host.Tcp), IPAddress.Loopback, 8020)).Should().Be("web");
        _host.CloseSockets();
        _host.TearDown(next, web);
        _host.OnHost(() => next.ReleaseUnused(_host.State()));
        _host.Look().Should().Be(before);
    }

    [Theory]
    [MemberData(nameof(Remains))]
    public void Reconcile_afterAnInterruptionThatNobodyRemembers_leavesNothing(string remains)
    {
        var before = _host.Look();
        var web = _host.Container(2, "8020:80");
        Leave(_host.Stack(), web, remains);
        _host.Attachments.Clear();

        var next = _host.Stack();
        _host.OnHost(() => next.Reconcile(_host.State()));

        _host.Look().Should().Be(before);
        _host.Files().Should().BeEmpty();
        next.IsInUse.Should().BeFalse();
        _host.OnHost(() => next.Reconcile(_host.State())).Removed.Should().BeEmpty();
    }

    [Fact]
    public async Task Reconcile_whenTheBridgeIsGone_rebuildsIt()
    {
        var stack = _host.Stack();
        var (web, lost) = (_host.Container(2, "8020:80"), _host.Container(3));
        _host.SetUp(stack, web);
        _host.Serve(stack, web, 80, "web");
        _host.Ip("host", $"link delete {Bridge}");
        _host.Nft("flush ruleset");

        var report = _host.OnHost(() => stack.Reconcile(_host.State()));

        report.Rebuilt.Should().Contain([$"bridge {Bridge}", $"interface {web.HostIfName}", $"firewall table {Table}"]);
        report.Lost.Should().Equal(lost.ContainerId);
        (await TestHost.CallAsync(_host.OnThird(_host.Tcp), TestHost.Address, 8020)).Should().Be("web");
        _host.OnHost(() => stack.Reconcile(_host.State())).Rebuilt.Should().BeEmpty();
    }

    [Fact]
    public void Reconcile_withOrphansBesideTheLiving_removesOnlyThose()
    {
        var stack = _host.Stack();
        var (web, orphan) = (_host.Container(2, "8020:80"), _host.Container(3, "8030:80"));
        _host.SetUp(stack, web);
        _host.SetUp(stack, orphan);
        // Somebody still lives in the orphan's namespace, so that the kernel doesn't clean up by itself.
        using var resident = TestHost.InContainer(stack, orphan, _host.Tcp);
        _host.Attachments.Remove(orphan);

        var report = _host.OnHost(() => stack.Reconcile(_host.State()));

        report.Rebuilt.Should().BeEmpty();
        report
            .Removed.Should()
            .BeEquivalentTo(
                $"network namespace {orphan.ContainerId}",
                $"interface {orphan.HostIfName}",
                $"firewall element 6 . 8030 of {orphan.ContainerId}"
            );
        _host.Ip("host", "-o link show").Should().Contain(web.HostIfName).And.NotContain(orphan.HostIfName);
    }

    [Fact]
    public void Reconcile_ofOneInstance_leavesOthersAlone()
    {
        const string other = "vordr-def456";
        var stack = _host.Stack();
        _host.SetUp(stack, _host.Container(2, "8020:80"));
        _host.OnHost(() => _host.Stack(other).Reconcile(NetworkState.Empty));
        var look = _host.Look();

        _host.OnHost(() => _host.Stack(other).ReleaseUnused(NetworkState.Empty));

        _host.Look().Should().Be(look);
        _host.OnHost(() => stack.Reconcile(_host.State())).Rebuilt.Should().BeEmpty();
    }

    [Fact]
    public void IpForward_isSaidOnceAndPutBack()
    {
        var stack = _host.Stack();
        var (one, two) = (_host.Container(2), _host.Container(3));

        _host.SetUp(stack, one).Should().ContainSingle().Which.Should().Contain("ip_forward");
        _host.SetUp(stack, two).Should().BeEmpty();
        _host.IpForward.Should().Be("1");
        _host.TearDown(stack, one);
        _host.TearDown(stack, two);
        _host.OnHost(() => stack.ReleaseUnused(_host.State()));

        _host.IpForward.Should().Be("0");
    }

    [Fact]
    public void IpForward_thatWasOnBefore_staysOn()
    {
        _host.OnHost(() => File.WriteAllText("/proc/sys/net/ipv4/ip_forward", "1"));
        var stack = _host.Stack();
        var one = _host.Container(2);

        _host.SetUp(stack, one).Should().BeEmpty();
        _host.TearDown(stack, one);
        _host.OnHost(() => stack.ReleaseUnused(_host.State()));

        _host.IpForward.Should().Be("1");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void IpForward_withTwoInstances_isPutBackByTheLast(bool firstLeavesFirst)
    {
        const string second = "vordr-def456";
        var network = TestHost.Network(7, second);
        var place = new Attachment
        {
            ContainerId = "second",
            Network = network.Name,
            Address = IPAddress.Parse("10.87.7.2"),
            HostIfName = InterfaceNames.Veth(second, "second"),
        };
        var (one, two) = (_host.Stack(), _host.Stack(second));
        var container = _host.Container(2);
        _host.SetUp(one, container);
        _host.OnHost(() => two.SetUp(place, network, () => new NetworkState([network], [place])));
        Action[] leave =
        [
            () =>
            {
                _host.TearDown(one, container);
                _host.OnHost(() => one.ReleaseUnused(_host.State()));
            },
            () =>
                _host.OnHost(() =>
                {
                    two.TearDown(place.ContainerId);
                    two.ReleaseUnused(new NetworkState([network], []));
                }),
        ];

        leave[firstLeavesFirst ? 0 : 1]();
        _host.IpForward.Should().Be("1");
        leave[firstLeavesFirst ? 1 : 0]();

        _host.IpForward.Should().Be("0");
        _host.Nft("list ruleset").Should().BeEmpty();
    }

    [Fact]
    public async Task SetUp_ofThirtyContainersTwiceAtOnce_worksAndLeavesNothing()
    {
        var before = _host.Look();
        _host.Networks.Add(TestHost.Network(1, Table));
        var halves = _host
            .Networks.Select(network =>
                Enumerable
                    .Range(2, 30)
                    .Select(i => _host.Container(i, network, $"{(network == _host.Default ? 8000 : 9000) + i}:80"))
                    .Select((container, i) => container with { HostIfName = $"vabc123-{container.Network}-{i}" })
                    .ToList()
            )
            .ToList();
        _host.Attachments.Clear();
        _host.Attachments.AddRange(halves.SelectMany(half => half));
        var stacks = halves.ConvertAll(_ => _host.Stack());

        // Two processes, as it were, taking turns by the lock that the stack demands of its callers.
        Lock networks = new();
        await BothAtOnce(i =>
            halves[i]
                .ForEach(container =>
                {
                    lock (networks)
                        _host.SetUp(stacks[i], container);
                })
        );

        foreach (var container in halves.SelectMany(half => half))
        {
            _host.Serve(stacks[0], container, 80, container.ContainerId[..10]);
            var port = container.Ports[0].HostPort;
            (await TestHost.CallAsync(_host.OnThird(_host.Tcp), TestHost.Address, port))
                .Should()
                .Be(container.ContainerId[..10]);
        }
        _host.CloseSockets();
        await BothAtOnce(i =>
            halves[i]
                .ForEach(container =>
                {
                    lock (networks)
                        _host.OnHost(() => stacks[i].TearDown(container.ContainerId));
                })
        );
        _host.Attachments.Clear();
        _host.OnHost(() => stacks[0].ReleaseUnused(_host.State()));
        _host.Look().Should().Be(before);
    }

    [Fact]
    public void Describe_tellsWhatThereIsAndWhatIsInTheWay()
    {
        var stack = _host.Stack();
        _host.OnHost(stack.Describe).Firewall.Should().Be(FirewallCondition.Absent);
        _host.SetUp(stack, _host.Container(2));

        var intact = _host.OnHost(stack.Describe);
        _host.Nft("add table inet foreign");
        _host.Nft("add chain inet foreign fw { type filter hook forward priority 0 ; policy drop ; }");
        _host.Nft($"flush chain ip {Table} raw");
        var changed = _host.OnHost(stack.Describe);

        intact.Firewall.Should().Be(FirewallCondition.Intact);
        intact.IpForward.Should().BeTrue();
        intact.Warnings.Should().BeEmpty();
        intact
            .Bridges.Should()
            .ContainSingle()
            .Which.Should()
            .BeEquivalentTo(
                new
                {
                    Name = Bridge,
                    Up = true,
                    Ports = 1,
                }
            );
        changed.Firewall.Should().Be(FirewallCondition.Changed);
        changed.Warnings.Should().ContainSingle().Which.Should().Contain("inet foreign fw");
    }

    private static Task BothAtOnce(Action<int> work) =>
        Task.WhenAll(
            Enumerable
                .Range(0, 2)
                .Select(i =>
                    Task.Factory.StartNew(
                        () => work(i),
                        CancellationToken.None,
                        TaskCreationOptions.LongRunning,
                        TaskScheduler.Default
                    )
                )
        );

    private void Leave(NetworkStack stack, Attachment web, string remains)
    {
        var pin = stack.PinPath(web.ContainerId);
        switch (remains)
        {
            case "an empty pin":
                Directory.CreateDirectory(Path.GetDirectoryName(pin)!);
                File.WriteAllText(pin, "");
                break;
            case "a pin mounted twice":
                stack.CreateNetworkNamespace(pin);
                TestHost.InNamespaceOf(pin, "mount", "--bind", pin, pin);
                break;
            case "a bridge without anything":
                _host.Ip("host", $"link add {Bridge} type bridge");
                break;
            case "a bridge without alias":
                _host.Ip("host", $"link add {Bridge} type bridge");
                _host.Ip("host", $"addr add 10.87.0.1/24 dev {Bridge}");
                break;
            case "a pair without alias":
                _host.SetUp(stack, web);
                _host.Inside("host", "ip", "link", "set", web.HostIfName, "alias", "");
                break;
            case "a pair without addresses":
                _host.SetUp(stack, web);
                TestHost.InNamespaceOf(pin, "ip", "addr", "flush", "dev", "eth0");
                break;
            case "a pair on no bridge":
                _host.SetUp(stack, web);
                _host.Ip("host", $"link set {web.HostIfName} nomaster");
                break;
            case "a pair into another namespace":
                _host.SetUp(stack, web);
                TestHost.InNamespaceOf(pin, "umount", pin);
                break;
            case "an inner end only":
                stack.CreateNetworkNamespace(pin);
                TestHost.InNamespaceOf(pin, "ip", "link", "add", "eth0", "type", "bridge");
                break;
            case "a table without memory":
                _host.SetUp(stack, web);
                File.Delete(Path.Join(_host.RunRoot(), "firewall"));
                break;
            case "host settings without table":
                _host.SetUp(stack, web);
                _host.Nft("flush ruleset");
                File.Delete(Path.Join(_host.RunRoot(), "firewall"));
                break;
            case "elements without memory":
                _host.SetUp(stack, web);
                _host.Nft($"add element ip {Table} ports_any {{ 6 . 8099 comment \"gone\" : 10.87.0.2 . 80 }}");
                break;
            case "half a memory of host settings":
                Directory.CreateDirectory(_host.RunRoot());
                File.WriteAllText(Path.Join(_host.RunRoot(), "host-settings.new"), "half");
                break;
            case "bridges gone, table and settings left":
                _host.SetUp(stack, web);
                _host.OnHost(() => stack.TearDown(web.ContainerId));
                _host.Ip("host", $"link delete {Bridge}");
                break;
            case "everything":
                _host.SetUp(stack, web);
                break;
            default:
                throw new InvalidOperationException(remains);
        }
    }
}
