using Oci.Errors;
using Vordr.Networks;
using Vordr.Networks.Ports;

namespace Vordr.Tests.Networks;

public sealed class PublishedPortTests
{
    [Theory]
    [InlineData("")]
    [InlineData("80")]
    [InlineData(":80")]
    [InlineData("8080:")]
    [InlineData("8080:0")]
    [InlineData("65536:80")]
    [InlineData("-1:80")]
    [InlineData("+1:80")]
    [InlineData(" 1:80")]
    [InlineData("8080:80/sctp")]
    [InlineData("8080:80/TCP")]
    [InlineData("8080:80/")]
    [InlineData("8080:80/tcp/udp")]
    [InlineData("8000-8010:80")]
    [InlineData("1:8080:80")]
    [InlineData("010.0.0.1:8080:80")]
    [InlineData("localhost:8080:80")]
    [InlineData("::1:8080:80")]
    [InlineData("[::1]:8080:80")]
    [InlineData("1.2.3.4:5:6:7")]
    [InlineData("8080:80\n")]
    [InlineData("٨:80")]
    public void Parse_malformed_isRefusedWithItsReason(string text)
    {
        var refuse = () => PublishedPort.Parse(text);

        var error = refuse.Should().Throw<PublicError>().Which;
        error.Id.Should().Be(ErrorId.Usage);
        error.Message.Should().Contain($"'{text}'");
    }

    [Theory]
    [InlineData("8080:80", "0.0.0.0:8080->80/tcp")]
    [InlineData("0:80", "0.0.0.0:0->80/tcp")]
    [InlineData("0.0.0.0:8080:80/tcp", "0.0.0.0:8080->80/tcp")]
    [InlineData("127.0.0.1:53:53/udp", "127.0.0.1:53->53/udp")]
    [InlineData("65535:65535", "0.0.0.0:65535->65535/tcp")]
    public void Parse_wellFormed_saysWhatItMeans(string text, string meaning) =>
        PublishedPort.Parse(text).ToString().Should().Be(meaning);

    [Theory]
    [InlineData("80:1", "80:2", true)]
    [InlineData("127.0.0.1:80:1", "80:1", true)]
    [InlineData("127.0.0.1:80:1", "127.0.0.1:80:1", true)]
    [InlineData("127.0.0.1:80:1", "127.0.0.2:80:1", false)]
    [InlineData("80:1", "81:1", false)]
    [InlineData("80:1", "80:1/udp", false)]
    [InlineData("0:1", "0:1", false)]
    public void ConflictsWith_isTheSameBothWays(string one, string other, bool conflict)
    {
        PublishedPort.Parse(one).ConflictsWith(PublishedPort.Parse(other)).Should().Be(conflict);
        PublishedPort.Parse(other).ConflictsWith(PublishedPort.Parse(one)).Should().Be(conflict);
    }

    [Fact]
    public void Check_ofAPortThatAContainerPublishes_namesTheContainer()
    {
        var refuse = () =>
            PortPlan.Check(
                [PublishedPort.Parse("80:80"), PublishedPort.Parse("8080:80")],
                [new PortOwner("proud_web", PublishedPort.Parse("127.0.0.1:8080:80"))]
            );

        var error = refuse.Should().Throw<PublicError>().Which;
        error.Id.Should().Be(ErrorId.PortInUse);
        error.Message.Should().Contain("0.0.0.0:8080/tcp").And.Contain("proud_web");
        error.Suggestions.Should().Contain(suggestion => suggestion.Contains("vordr stop proud_web"));
    }

    [Fact]
    public void Check_ofAPortAskedForTwice_isTheCallersMistake()
    {
        var refuse = () => PortPlan.Check([PublishedPort.Parse("80:80"), PublishedPort.Parse("127.0.0.1:80:81")], []);

        refuse.Should().Throw<PublicError>().Which.Id.Should().Be(ErrorId.Usage);
    }

    [Fact]
    public void Inodes_areThoseOfThePortAlone()
    {
        string[] table =
        [
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode",
            "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1 0 100 0 0",
            "   1: 00000000:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4712 1 0 100 0 0",
            "   2: short",
        ];

        HostListeners.Inodes(table, 8080).Should().Equal("socket:[4711]");
    }
}
