using EndToEnd.Stage;

namespace EndToEnd;

/// <summary>Published ports and reachability, seen from the host, the bridge and a third namespace.</summary>
public sealed class NetworkTests
{
    [Fact]
    public async Task Port_published_on_loopback_is_not_reachable_by_routing()
    {
        await using var site = await Site.CreateAsync();
        await using var neighbour = await Neighbour.CreateAsync();
        var port = Ports.Free();
        var bundle = await site.BundleAsync();
        (await site.VordrAsync("run", "-d", "--name", "web", "-p", $"127.0.0.1:{port}:80", bundle)).Succeeded();
        (await Ports.GetAsync($"http://127.0.0.1:{port}/")).Should().Be("hello from demo/web\n");

        // The neighbour sends packets for 127.0.0.1 over the wire, as a hostile machine on the same segment can.
        await neighbour.RunAsync("ip", "link", "set", "lo", "down");
        await neighbour.RunAsync("ip", "addr", "flush", "dev", "lo");
        await neighbour.RunAsync("sysctl", "-qw", "net.ipv4.conf.all.route_localnet=1");
        await neighbour.RunAsync("ip", "rule", "add", "pref", "0", "to", "127.0.0.0/8", "lookup", "100");
        await neighbour.RunAsync(
            "ip",
            "route",
            "add",
            "127.0.0.1/32",
            "via",
            Neighbour.Host,
            "dev",
            "eth0",
            "table",
            "100"
        );
        await neighbour.RunAsync("ip", "rule", "del", "pref", "0", "lookup", "local");
        await neighbour.RunAsync("ip", "rule", "add", "pref", "10", "lookup", "local");
        (await neighbour.FetchAsync($"127.0.0.1:{port}")).ExitCode.Should().NotBe(0);
        (await neighbour.FetchAsync($"{Neighbour.Host}:{port}")).ExitCode.Should().NotBe(0);
    }

    [Fact]
    public async Task Published_port_answers_on_loopback_on_the_bridge_and_from_a_third_namespace()
    {
        await using var site = await Site.CreateAsync();
        await using var neighbour = await Neighbour.CreateAsync();
        var port = Ports.Free();
        var bundle = await site.BundleAsync();
        (await site.VordrAsync("run", "-d", "--name", "web", "-p", $"{port}:80", bundle)).Succeeded();

        (await Ports.GetAsync($"http://127.0.0.1:{port}/")).Should().Be("hello from demo/web\n");
        (await neighbour.FetchAsync($"{Neighbour.Host}:{port}"))
            .Succeeded()
            .Output.Should()
            .Be("hello from demo/web\n");
        var gateway = (await site.VordrAsync("run", "--rm", bundle, "sh", "-c", "ip route | grep default"))
            .Succeeded()
            .Output.Split(' ')[2];
        (await Ports.GetAsync($"http://{gateway}:{port}/")).Should().Be("hello from demo/web\n");
        (await site.VordrAsync("run", "--rm", bundle, "wget", "-qO-", $"http://{gateway}:{port}/"))
            .Succeeded()
            .Output.Should()
            .Be("hello from demo/web\n");
    }

    [Fact]
    public async Task Container_reaches_out_and_is_not_reached_where_nothing_is_published()
    {
        await using var site = await Site.CreateAsync();
        await using var neighbour = await Neighbour.CreateAsync();
        var bundle = await site.BundleAsync();
        await using var listening = neighbour.Serve(8080);
        (await site.VordrAsync("run", "-d", "--name", "quiet", bundle)).Succeeded();

        (await site.VordrAsync("run", "--rm", bundle, "wget", "-qO-", $"http://{Neighbour.Address}:8080/index.html"))
            .Succeeded()
            .Output.Should()
            .Contain("neighbour");

        var address = System
            .Text.Json.Nodes.JsonNode.Parse((await site.VordrAsync("inspect", "quiet")).Succeeded().Output)!
            .AsArray()[0]!["address"]!.GetValue<string>();
        await neighbour.RunAsync("ip", "route", "add", $"{address.Split('/')[0]}/32", "via", Neighbour.Host);
        (await neighbour.FetchAsync($"{address.Split('/')[0]}:80")).ExitCode.Should().NotBe(0);
    }

    [Fact]
    public async Task Taken_port_names_its_owner()
    {
        await using var site = await Site.CreateAsync();
        var port = Ports.Free();
        var bundle = await site.BundleAsync();
        (await site.VordrAsync("run", "-d", "--name", "first", "-p", $"{port}:80", bundle)).Succeeded();

        var second = await site.VordrAsync("run", "-d", "--name", "second", "-p", $"{port}:80", bundle);

        second.Failed(125).Error.Should().Contain("first");
        (await site.VordrAsync("ps", "-a", "-q"))
            .Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Should()
            .ContainSingle("nothing of the second one stays");
    }
}
