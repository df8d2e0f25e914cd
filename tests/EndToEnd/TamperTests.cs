using EndToEnd.Stage;

namespace EndToEnd;

/// <summary>Changed bundles, through the real programs: refused, and nothing of them kept.</summary>
public sealed class TamperTests
{
    [Fact]
    public async Task Two_hundred_flipped_bytes_are_refused_by_the_command_line()
    {
        await using var site = await Site.CreateAsync();
        var bundle = await File.ReadAllBytesAsync(await site.BundleAsync());
        var tampered = site.PathOf("tampered.ctp");

        for (var i = 0; i < 200; i++)
        {
            var position = (int)((long)i * bundle.Length / 200);
            var copy = (byte[])bundle.Clone();
            copy[position] ^= 0x01;
            await File.WriteAllBytesAsync(tampered, copy);

            var outcome = await site.CtAsync("verify", tampered);

            outcome.ExitCode.Should().BeOneOf([1, 2, 3, 4, 5, 10], "byte {0} was changed: {1}", position, outcome.Said);
        }
        (await site.CtAsync("verify", site.PathOf("demo-web-1.0.ctp"))).Succeeded();
    }

    [Fact]
    public async Task Refused_bundle_leaves_no_file_in_the_store()
    {
        await using var site = await Site.CreateAsync();
        var bundle = await File.ReadAllBytesAsync(await site.BundleAsync());
        (await site.VordrAsync("images")).Succeeded();
        var before = Files(site.Root);
        var tampered = site.PathOf("tampered.ctp");

        foreach (var change in Changes(bundle))
        {
            await File.WriteAllBytesAsync(tampered, change.Content);

            var load = await site.VordrAsync("load", tampered);

            load.ExitCode.Should().BeOneOf([51, 52, 53], "{0}: {1}", change.Name, load.Said);
            Files(site.Root).Should().BeEquivalentTo(before, "{0} leaves nothing", change.Name);
        }
    }

    [Fact]
    public async Task Bundle_of_an_unknown_key_is_refused_with_what_to_do_next()
    {
        await using var site = await Site.CreateAsync();
        await using var stranger = await Site.CreateAsync();
        var bundle = await stranger.BundleAsync();

        var verify = await site.CtAsync("verify", bundle);
        verify.Failed(3).Said.Should().Contain("UNKNOWN_KEY").And.Contain("→ ");
        var run = await site.VordrAsync("run", "--rm", bundle, "true");
        run.Failed(125).Error.Should().Contain("UNKNOWN_KEY");
        (await site.VordrAsync("explain", "--last")).Succeeded().Output.Should().Contain("UNKNOWN_KEY");
    }

    private static IEnumerable<(string Name, byte[] Content)> Changes(byte[] bundle)
    {
        yield return ("empty", []);
        yield return ("truncated in the first header", bundle[..300]);
        yield return ("truncated before the layers", bundle[..(16 * 512)]);
        yield return ("truncated in the layer", bundle[..(bundle.Length - 20_000)]);
        yield return ("end blocks missing", bundle[..^1024]);
        yield return ("one byte more", [.. bundle, 0]);
        yield return ("a block more", [.. bundle, .. new byte[512]]);
        yield return ("second archive behind it", [.. bundle, .. bundle]);
        var layer = (byte[])bundle.Clone();
        layer[^10_000] ^= 1;
        yield return ("changed layer", layer);
        var name = (byte[])bundle.Clone();
        name[0] = (byte)'.';
        yield return ("changed entry name", name);
    }

    private static string[] Files(string root) =>
        [
            .. Directory
                .EnumerateFiles(root, "*", SearchOption.AllDirectories)
                .Where(file => !Path.GetFileName(file).StartsWith("vordr.db", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal),
        ];
}
