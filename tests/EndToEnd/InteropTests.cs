using System.Text.Json.Nodes;
using EndToEnd.Stage;

namespace EndToEnd;

/// <summary>Bundles in the hands of the tools that others use.</summary>
public sealed class InteropTests
{
    [Fact]
    public async Task Skopeo_copies_the_bundle_as_the_image_archive_it_is()
    {
        await using var site = await Site.CreateAsync();
        var bundle = await site.BundleAsync();

        (
            await Command.RunAsync(
                "skopeo",
                "--insecure-policy",
                "copy",
                $"oci-archive:{bundle}",
                $"dir:{site.PathOf("copied")}"
            )
        ).Succeeded();

        var manifest = JsonNode.Parse(
            await File.ReadAllTextAsync(Path.Combine(site.PathOf("copied"), "manifest.json"))
        )!;
        manifest["layers"]!.AsArray().Should().ContainSingle();
    }

    [Fact]
    public async Task Podman_loads_the_bundle_under_its_name()
    {
        await using var site = await Site.CreateAsync();
        var bundle = await site.BundleAsync();
        string[] podman =
        [
            "--root",
            site.PathOf("podman"),
            "--runroot",
            site.PathOf("podman-run"),
            "--storage-driver",
            "vfs",
        ];

        (await Command.RunAsync("podman", [.. podman, "load", "-i", bundle])).Succeeded();

        (await Command.RunAsync("podman", [.. podman, "images", "--format", "{{.Repository}}:{{.Tag}}"]))
            .Succeeded()
            .Output.Should()
            .Contain("demo/web:1.0");
    }

    [Fact]
    public async Task Packing_twice_gives_identical_bytes()
    {
        await using var site = await Site.CreateAsync();
        var image = await Images.BusyboxAsync(site.PathOf("image"));
        string[] pack = ["pack", $"oci:{image}", "--name", "demo/web", "--version", "1.0"];

        (await site.CtAsync([.. pack, "-o", site.PathOf("a.ctp")])).Succeeded();
        (await site.CtAsync([.. pack, "-o", site.PathOf("b.ctp")])).Succeeded();

        (await File.ReadAllBytesAsync(site.PathOf("a.ctp")))
            .Should()
            .Equal(await File.ReadAllBytesAsync(site.PathOf("b.ctp")));
    }

    [Theory]
    [InlineData("docker-archive")]
    [InlineData("oci-archive")]
    public async Task Archive_that_skopeo_wrote_packs_verifies_and_runs(string kind)
    {
        await using var site = await Site.CreateAsync();
        var image = await Images.BusyboxAsync(site.PathOf("image"));
        (
            await Command.RunAsync(
                "skopeo",
                "--insecure-policy",
                "copy",
                $"oci:{image}",
                $"{kind}:{site.PathOf("image.tar")}"
            )
        ).Succeeded();
        var bundle = site.PathOf("app.ctp");

        (
            await site.CtAsync(
                "pack",
                $"{kind}:{site.PathOf("image.tar")}",
                "-o",
                bundle,
                "--name",
                "demo/app",
                "--version",
                "2"
            )
        ).Succeeded();

        (await site.CtAsync("verify", bundle)).Succeeded();
        (await site.VordrAsync("run", "--rm", "--network", "none", bundle, "echo", "runs"))
            .Succeeded()
            .Output.Should()
            .Be("runs\n");
    }
}
