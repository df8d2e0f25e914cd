using Oci.Errors;
using Vordr.Specs;

namespace Vordr.Tests.Specs;

public sealed class EtcFilesTests
{
    private static readonly NetworkInput Bridge = new() { Mode = NetworkMode.Bridge, NamespacePath = "/run/netns/x" };

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a\n127.0.0.1 evil")]
    [InlineData("-a")]
    [InlineData("ä")]
    public void Host_name_that_would_break_a_file_is_refused(string name)
    {
        var check = () => EtcFiles.CheckHostname(name);

        check.Should().Throw<PublicError>().Which.Id.Should().Be(ErrorId.Usage);
    }

    [Fact]
    public void Name_servers_all_on_loopback_and_none_to_take_their_place_is_a_clear_error()
    {
        var resolve = () => EtcFiles.Resolver(Bridge, ["nameserver 127.0.0.53\nnameserver ::1\n", null], []);

        resolve.Should().Throw<PublicError>().Which.Message.Should().Contain("loopback");
    }

    [Fact]
    public void Name_servers_on_loopback_are_replaced_by_the_real_ones()
    {
        var text = EtcFiles.Resolver(
            Bridge,
            ["search lan\nnameserver 127.0.0.53\noptions edns0\n", "nameserver 10.0.0.1\nnameserver 127.0.0.1\n"],
            []
        );

        text.Should().Be("search lan\noptions edns0\nnameserver 10.0.0.1\n");
    }

    [Fact]
    public void Name_servers_on_loopback_beside_real_ones_are_left_out() =>
        EtcFiles
            .Resolver(Bridge, ["nameserver 127.0.0.1\nnameserver 9.9.9.9\n"], [])
            .Should()
            .Be("nameserver 9.9.9.9\n");

    [Fact]
    public void No_name_server_at_all_is_said()
    {
        var notes = new List<string>();

        EtcFiles.Resolver(Bridge, ["search lan\n"], notes).Should().Be("search lan\n");
        notes.Should().ContainSingle().Which.Should().Contain("name server");
    }

    [Fact]
    public void Name_servers_follow_the_mode()
    {
        string[] files = ["nameserver 127.0.0.53\n"];

        EtcFiles.Resolver(Bridge with { Mode = NetworkMode.Host }, files, []).Should().Be(files[0]);
        EtcFiles.Resolver(Bridge with { Mode = NetworkMode.None }, files, []).Should().BeEmpty();
        EtcFiles.Resolver(Bridge with { NameServers = ["1.1.1.1"] }, files, []).Should().Be("nameserver 1.1.1.1\n");
    }

    [Fact]
    public void Hosts_names_the_container_by_its_addresses()
    {
        EtcFiles
            .Hosts(
                "web",
                Bridge with
                {
                    Addresses = ["10.87.0.2"],
                    ExtraHosts = new Dictionary<string, string> { ["db"] = "10.87.0.3" },
                }
            )
            .Should()
            .EndWith("10.87.0.3\tdb\n10.87.0.2\tweb\n")
            .And.StartWith("127.0.0.1\tlocalhost\n");
        EtcFiles.Hosts("web", new NetworkInput()).Should().EndWith("127.0.1.1\tweb\n");
        var evil = () => EtcFiles.Hosts("web", Bridge with { Addresses = ["10.0.0.1\n6.6.6.6"] });
        evil.Should().Throw<PublicError>();
    }
}
