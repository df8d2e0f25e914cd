using System.Net;
using Oci.Errors;
using Vordr.Networks;

namespace Vordr.Tests.Networks;

public sealed class NamesTests
{
    private const string Id = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData("vordr", "vordr0", true)]
    [InlineData("vordr", "vordr12", true)]
    [InlineData("vordr", "vordr", false)]
    [InlineData("vordr", "vordr0a", false)]
    [InlineData("vordr", "vb1a2b3c-0", false)]
    [InlineData("vordr-1a2b3c", "vb1a2b3c-0", true)]
    [InlineData("vordr-1a2b3c", "vb1a2b3d-0", false)]
    [InlineData("vordr-1a2b3c", "vordr0", false)]
    public void IsBridge_tellsInstancesApart(string instance, string name, bool its) =>
        InterfaceNames.IsBridge(instance, name).Should().Be(its);

    [Theory]
    [InlineData("vordr")]
    [InlineData("vordr-1a2b3c")]
    public void Names_fitTheKernelsLimit(string instance)
    {
        InterfaceNames.Veth(instance, Id).Should().HaveLength(15);
        InterfaceNames.Bridge(instance, 999_999).Length.Should().BeLessThanOrEqualTo(15);
        InterfaceNames.IsBridge(instance, InterfaceNames.Veth(instance, Id)).Should().BeFalse();
        InterfaceNames.IsBridge(instance, InterfaceNames.Bridge(instance, 7)).Should().BeTrue();
    }

    [Theory]
    [InlineData("")]
    [InlineData("02:57:00")]
    [InlineData("01:00:5e:00:00:01")]
    [InlineData("ff:ff:ff:ff:ff:ff")]
    [InlineData("eth0")]
    public void HardwareAddress_unfit_isRefused(string text)
    {
        var refuse = () => HardwareAddress.Parse(text);

        refuse.Should().Throw<PublicError>().Which.Id.Should().Be(ErrorId.Usage);
    }

    [Fact]
    public void HardwareAddress_ofAnAddress_isLocalAndTheSameEachTime() =>
        HardwareAddress.Of(IPAddress.Parse("10.87.0.2")).Should().Equal(HardwareAddress.Parse("02:57:0a:57:00:02"));
}
