using EndToEnd.Stage;

namespace EndToEnd;

/// <summary>Many at once over one state directory.</summary>
public sealed class ConcurrencyTests
{
    [Fact]
    public async Task Thirty_containers_started_at_once_all_run()
    {
        await using var site = await Site.CreateAsync();
        var bundle = await site.BundleAsync();

        var started = await Task.WhenAll(
            Enumerable.Range(0, 30).Select(i => site.VordrAsync("run", "-d", "--name", $"many-{i}", bundle))
        );

        started.Should().AllSatisfy(outcome => outcome.Succeeded());
        var names = (await site.VordrAsync("ps")).Succeeded().Output;
        for (var i = 0; i < 30; i++)
            names.Should().Contain($"many-{i}");
        var addresses = new HashSet<string>();
        for (var i = 0; i < 30; i++)
        {
            var container = System.Text.Json.Nodes.JsonNode.Parse(
                (await site.VordrAsync("inspect", $"many-{i}")).Succeeded().Output
            )!;
            addresses.Add(container.AsArray()[0]!["address"]!.GetValue<string>()).Should().BeTrue("addresses differ");
        }
    }

    [Fact]
    public async Task Containers_survive_the_server_that_started_them()
    {
        await using var site = await Site.CreateAsync();
        var vordr = await site.ServeVordrAsync();
        using var gateway = await site.ServeSvalinnAsync();
        var bundle = (await gateway.UploadAsync(await site.BundleAsync())).Is(201).Json[
            "bundleDigest"
        ]!.GetValue<string>();
        (
            await gateway.PostAsync(
                "/run",
                new System.Text.Json.Nodes.JsonObject { ["bundle"] = bundle, ["name"] = "kept" }
            )
        ).Is(201);

        await vordr.KillAsync();

        (await site.VordrAsync("ps")).Succeeded().Output.Should().Contain("kept").And.Contain("Up");
        (await site.VordrAsync("exec", "kept", "echo", "alive")).Succeeded().Output.Should().Be("alive\n");
    }
}
