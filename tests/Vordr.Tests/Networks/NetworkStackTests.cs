using System.Net;
using Vordr.Networks;

namespace Vordr.Tests.Networks;

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

        (await TestHost.CallAsync(_host.OnHost(_host.Tcp), IPAddress.Loopback, 8080)).Should().Be("web");
        (await TestHost.CallAsync(_host.OnHost(_host.Tcp), _host.Default.Gateway, 8080)).Should().Be("web");
        (await TestHost.CallAsync(_host.OnHost(_host.Tcp), TestHost.Address, 8080)).Should().Be("web");
        (await TestHost.CallAsync(_host.OnThird(_host.Tcp), TestHost.Address, 8080)).Should().Be("web");
    }
}
