using System.Net;
using Vordr.Networks;
using Vordr.Networks.Firewalls;

namespace Vordr.Tests.Networks;

public sealed class FirewallPlanTests
{
    private static readonly FirewallElement Web = new(FirewallScript.PortsAny, "6 . 8080", "10.87.0.2 . 80", "web");
    private static readonly FirewallElement Gone = new(FirewallScript.PortsAny, "6 . 9090", "10.87.0.9 . 80", "gone");

    [Theory]
    [InlineData("a\"b")]
    [InlineData("a\nflush ruleset")]
    [InlineData("a;b")]
    [InlineData("a}b")]
    [InlineData("a$b")]
    public void Add_withANameThatWouldEndTheCommand_isRefused(string name)
    {
        var owner = () => FirewallScript.Add("vordr", Web with { Owner = name });
        var key = () => FirewallScript.Add("vordr", Web with { Key = name });
        var value = () => FirewallScript.Add("vordr", Web with { Value = name });

        owner.Should().Throw<InvalidOperationException>();
        key.Should().Throw<InvalidOperationException>();
        value.Should().Throw<InvalidOperationException>();
    }

    [Fact]
    public void Compare_ofATableAsItShouldBe_doesNothing() =>
        Plan([Web], [Web], removeOthers: true).Script.Should().BeEmpty();

    [Fact]
    public void Compare_withAnOrphan_removesItOnlyWhenTold()
    {
        Plan([Web, Gone], [Web], removeOthers: false).Script.Should().BeEmpty();

        var plan = Plan([Web, Gone], [Web], removeOthers: true);
        plan.Script.Should().Be("delete element ip vordr ports_any { 6 . 9090 }\n");
        plan.Removed.Should().Equal("firewall element 6 . 9090 of gone");
    }

    [Fact]
    public void Compare_withAnElementThatLeadsElsewhere_replacesIt()
    {
        var plan = Plan([Web with { Value = "10.87.0.7 . 80" }], [Web], removeOthers: false);

        plan.Script.Should()
            .Be(
                """
                delete element ip vordr ports_any { 6 . 8080 }
                add element ip vordr ports_any { 6 . 8080 comment "web" : 10.87.0.2 . 80 }

                """
            );
    }

    [Fact]
    public void Compare_withoutATable_buildsAndFillsIt() =>
        FirewallPlan
            .Compare("vordr", null, "add table ip vordr\n", [Web], removeOthers: true)
            .Script.Should()
            .Be("add table ip vordr\nadd element ip vordr ports_any { 6 . 8080 comment \"web\" : 10.87.0.2 . 80 }\n");

    [Fact]
    public void Snapshot_ofWhatNftLists_isWhatWeWrote()
    {
        const string json = """
            {"nftables": [{"metainfo": {"version": "1.0.6"}}, {"table": {"family": "ip", "name": "vordr", "handle": 1}},
            {"map": {"family": "ip", "name": "ports_any", "table": "vordr", "type": ["inet_proto", "inet_service"],
              "handle": 1, "map": "ipv4_addr . inet_service", "elem": [[{"elem": {"val": {"concat": [6, 8080]},
              "comment": "web"}}, {"concat": ["10.87.0.2", 80]}], [{"concat": [17, 1]}, {"concat": ["10.87.0.3", 2]}]]}},
            {"set": {"family": "ip", "name": "homes", "table": "vordr", "handle": 4, "elem": [{"elem": {"val":
              {"concat": [{"prefix": {"addr": "10.87.0.0", "len": 24}}, "vordr0"]}, "comment": "network:a"}}]}}]}
            """;

        var table = FirewallSnapshot.Parse(json);

        table
            .Elements.Should()
            .Equal(
                Web,
                new FirewallElement("ports_any", "17 . 1", "10.87.0.3 . 2", ""),
                new FirewallElement("homes", "10.87.0.0/24 . vordr0", null, "network:a")
            );
        FirewallSnapshot
            .Parse(json.Replace("\"handle\": 4", "\"handle\": 5", StringComparison.Ordinal))
            .Fingerprint.Should()
            .Be(table.Fingerprint, "handles count up by themselves");
        FirewallSnapshot
            .Parse(json.Replace("inet_proto", "inet_other", StringComparison.Ordinal))
            .Fingerprint.Should()
            .NotBe(table.Fingerprint);
    }

    [Theory]
    [InlineData("8080:80")]
    [InlineData("127.0.0.1:53:54/udp")]
    public void ToPort_readsBackWhatWasPublished(string text)
    {
        var attachment = new Attachment
        {
            ContainerId = "web",
            Network = "bridge",
            Address = IPAddress.Parse("10.87.0.2"),
            HostIfName = "vdrweb",
            Ports = [PublishedPort.Parse(text)],
        };

        FirewallElement.Of(attachment).Should().ContainSingle().Which.ToPort().Should().Be(attachment.Ports[0]);
    }

    private static FirewallPlan Plan(
        IReadOnlyList<FirewallElement> there,
        IReadOnlyList<FirewallElement> expected,
        bool removeOthers
    ) => FirewallPlan.Compare("vordr", new FirewallSnapshot("", there), null, expected, removeOthers);
}
