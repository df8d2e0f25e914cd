using System.Text.Json.Nodes;
using EndToEnd.Stage;

namespace EndToEnd;

/// <summary>A bundle of a real Debian root file system, over 100 MiB.</summary>
public sealed class DebianTests
{
    [Fact]
    public async Task Debian_root_packs_verifies_and_runs_and_its_sbom_is_what_dpkg_says()
    {
        await using var site = await Site.CreateAsync();
        var rootfs = await DebianRoot.GetAsync();
        var bundle = site.PathOf("debian.ctp");

        (
            await LongAsync(
                site,
                Programs.Ct,
                ["pack", $"dir:{rootfs}", "-o", bundle, "--name", "demo/debian", "--version", "12"]
            )
        ).Succeeded();
        (await site.CtAsync("verify", bundle)).Succeeded();
        var sbom = JsonNode.Parse((await site.CtAsync("explain", bundle, "--sbom", "--json")).Succeeded().Output)!;
        var inside = await LongAsync(
            site,
            Programs.Vordr,
            site.VordrArguments("run", "--rm", "--network", "none", bundle, "dpkg-query", "-W")
        );

        var packages = sbom["packages"]!
            .AsArray()
            .Select(package => $"{package!["name"]!.GetValue<string>()}\t{package["version"]!.GetValue<string>()}");
        string.Join('\n', packages).Should().Be(inside.Succeeded().Output.TrimEnd('\n'));
        new FileInfo(bundle).Length.Should().BeGreaterThan(40 << 20);
    }

    private static Task<Outcome> LongAsync(Site site, string program, IEnumerable<string> arguments) =>
        Command.RunAsync(
            program,
            arguments,
            new Dictionary<string, string> { ["HOME"] = site.Home },
            limit: TimeSpan.FromSeconds(120)
        );
}
