using Oci.Errors;
using Svalinn.Hosting;

namespace Svalinn.Tests.Hosting;

public sealed class ListenAddressTests
{
    [Theory]
    [InlineData("")]
    [InlineData("3000")]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:")]
    [InlineData("127.0.0.1:70000")]
    [InlineData("::1")]
    [InlineData("::1:3000")]
    [InlineData("[::1]")]
    [InlineData("localhost:3000")]
    [InlineData("unix:relative")]
    [InlineData("unix:")]
    public void Anything_but_an_address_with_a_port_or_a_socket_is_refused(string text)
    {
        var parse = () => ListenAddress.Parse(text);

        parse.Should().Throw<PublicError>().Which.Id.Should().Be(ErrorId.Config);
    }

    [Theory]
    [InlineData("127.0.0.1:3000", true)]
    [InlineData("[::1]:3000", true)]
    [InlineData("0.0.0.0:3000", false)]
    [InlineData("[::]:3000", false)]
    [InlineData("unix:/run/svalinn/http.sock", true)]
    public void Address_says_whether_others_can_reach_it(string text, bool local)
    {
        var address = ListenAddress.Parse(text);

        address.IsLocal.Should().Be(local);
        address.ToString().Should().Be(text);
    }
}
