using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CerroTorre.Sboms;
using CerroTorre.Sources;
using CerroTorre.Tests.Stage;
using CsCheck;
using Oci;
using Oci.Image;
using ZstdSharp;

namespace CerroTorre.Tests.Sboms;

/// <summary>SBOMs of images made for the purpose.</summary>
public sealed class SbomTests
{
    private const string Alpine = """
        C:Q1abc=
        P:musl
        V:1.2.5-r0
        A:x86_64
        L:MIT
        o:musl
        m:Timo <timo@example.org>
        U:https://musl.libc.org/
        F:lib
        R:libc.so

        P:busybox-binsh
        V:1.36.1-r29
        A:x86_64
        L:GPL-2.0-only
        o:busybox

        P:odd
        V:1+2-r0
        A:x86_64
        L:custom licence (see file)

        """;

    [Fact]
    public async Task Layer_that_unpacks_to_something_else_than_its_diff_id_is_refused()
    {
        var (layer, _) = await SmallBundle.LayerAsync(("a", "b"));
        var build = () => BuildAsync([(layer, MediaTypes.LayerGzip, Digest.Of([1]))]);
        await build.Should().ThrowAsync<FormatException>().WithMessage("*unpacks to*");
    }

    [Fact]
    public async Task Layer_that_is_cut_off_is_refused()
    {
        var (layer, diffId) = await SmallBundle.LayerAsync(("a", new string('x', 5000)));
        var build = () => BuildAsync([(layer[..^30], MediaTypes.LayerGzip, diffId)]);
        await build.Should().ThrowAsync<FormatException>();
    }

    [Fact]
    public async Task Layers_of_mutated_bytes_are_listed_or_refused_and_never_crash()
    {
        var (gzip, _) = await SmallBundle.LayerAsync(("lib/apk/db/installed", Alpine), (new string('n', 150), "long"));
        await using var stream = new System.IO.Compression.GZipStream(
            new MemoryStream(gzip),
            System.IO.Compression.CompressionMode.Decompress
        );
        var plain = new MemoryStream();
        await stream.CopyToAsync(plain);
        var tar = plain.ToArray();
        await Gen.Select(Gen.Int[0, tar.Length - 1], Gen.Byte)
            .Array[1, 6]
            .SampleAsync(
                async mutations =>
                {
                    var changed = (byte[])tar.Clone();
                    foreach (var (position, value) in mutations)
                        changed[position] = value;
                    try
                    {
                        await BuildAsync([(changed, MediaTypes.LayerTar, Digest.Of(changed))]);
                    }
                    catch (FormatException) { }
                },
                iter: 1500
            );
    }

    [Fact]
    public async Task Alpine_packages_have_purls_and_licences()
    {
        var spdx = await OfLayersAsync([
            ("lib/apk/db/installed", Alpine),
            ("etc/os-release", "ID=alpine\nVERSION_ID=3.20.1\n"),
        ]);

        Lines(spdx).Should().Equal("busybox-binsh 1.36.1-r29", "musl 1.2.5-r0", "odd 1+2-r0");
        var packages = spdx["packages"]!.AsArray();
        Purl(packages, "musl").Should().Be("pkg:apk/alpine/musl@1.2.5-r0?arch=x86_64&distro=alpine-3.20.1");
        Purl(packages, "busybox-binsh")
            .Should()
            .Be("pkg:apk/alpine/busybox-binsh@1.36.1-r29?arch=x86_64&distro=alpine-3.20.1&upstream=busybox");
        Purl(packages, "odd").Should().StartWith("pkg:apk/alpine/odd@1%2B2-r0?");
        Member(packages, "musl", "licenseDeclared").Should().Be("MIT");
        Member(packages, "musl", "supplier").Should().Be("Organization: Timo (timo@example.org)");
        Member(packages, "odd", "licenseDeclared").Should().StartWith("LicenseRef-custom-licence");
        spdx["hasExtractedLicensingInfos"]![0]!["extractedText"]!
            .GetValue<string>()
            .Should()
            .Be("custom licence (see file)");
    }

    [Theory]
    [InlineData("lib/apk/db/.wh.installed", "")]
    [InlineData("lib/apk/.wh.db", "")]
    [InlineData(".wh.lib", "")]
    [InlineData("lib/apk/.wh..wh..opq", "")]
    [InlineData("lib/apk", "now a file")]
    [InlineData("./lib/apk/db/.wh.installed", "")]
    public async Task Database_that_an_upper_layer_deletes_is_gone(string path, string content) =>
        Lines(await OfLayersAsync([("lib/apk/db/installed", Alpine)], [(path, content)])).Should().BeEmpty();

    [Fact]
    public async Task Whiteout_concerns_lower_layers_only_wherever_it_stands() =>
        Lines(
                await OfLayersAsync(
                    [("lib/apk/db/installed", Alpine)],
                    [
                        ("lib/apk/db/installed", "P:new\nV:2\n\n"),
                        ("lib/apk/db/.wh.installed", ""),
                        ("lib/.wh..wh..opq", ""),
                    ]
                )
            )
            .Should()
            .Equal("new 2");

    [Fact]
    public async Task Upper_database_replaces_the_lower_one() =>
        Lines(await OfLayersAsync([("lib/apk/db/installed", Alpine)], [("lib/apk/db/installed", "P:new\nV:2\n\n")]))
            .Should()
            .Equal("new 2");

    [Fact]
    public async Task Zstd_and_plain_layers_are_read_like_gzip_ones()
    {
        var (gzip, diffId) = await SmallBundle.LayerAsync(("lib/apk/db/installed", Alpine));
        await using var stream = new System.IO.Compression.GZipStream(
            new MemoryStream(gzip),
            System.IO.Compression.CompressionMode.Decompress
        );
        var tar = new MemoryStream();
        await stream.CopyToAsync(tar);
        var zstd = new Compressor().Wrap(tar.ToArray()).ToArray();

        Lines(await BuildAsync([(zstd, MediaTypes.LayerZstd, diffId)])).Should().HaveCount(3);
        Lines(await BuildAsync([(tar.ToArray(), MediaTypes.LayerTar, diffId)])).Should().HaveCount(3);
    }

    [Theory]
    [InlineData("MIT", true)]
    [InlineData("GPL-2.0-only AND (MIT OR BSD-3-Clause)", true)]
    [InlineData("GPL-2.0-or-later WITH Classpath-exception-2.0", true)]
    [InlineData("BSD GPL2", false)]
    [InlineData("MIT AND", false)]
    [InlineData("(MIT", false)]
    [InlineData("custom licence (see file)", false)]
    [InlineData("", false)]
    public void Licence_counts_as_an_expression_only_in_its_form(string text, bool expected) =>
        LicenseExpression.IsWellFormed(text).Should().Be(expected);

    private static async Task<JsonObject> OfLayersAsync(params (string Path, string Content)[][] layers)
    {
        var made = new List<(byte[], string, Digest)>();
        foreach (var files in layers)
        {
            var (blob, diffId) = await SmallBundle.LayerAsync(files);
            made.Add((blob, MediaTypes.LayerGzip, diffId));
        }
        return await BuildAsync(made);
    }

    private static async Task<JsonObject> BuildAsync(
        IReadOnlyList<(byte[] Blob, string MediaType, Digest DiffId)> layers
    )
    {
        var config = JsonNode.Parse(
            MadeImage.ConfigOf(
                new Platform("amd64", "linux"),
                SmallBundle.Time,
                new ExecutionConfig(),
                layers[0].DiffId
            )
        )!;
        config["rootfs"]!["diff_ids"] = new JsonArray([.. layers.Select(l => (JsonNode)l.DiffId.ToString())]);
        var image = MadeImage.Of(
            Encoding.UTF8.GetBytes(config.ToJsonString()),
            [.. layers.Select(l => SmallBundle.DescriptorOf(l.Blob, l.MediaType))]
        );
        var small = await SmallBundle.OfAsync(
            image,
            layers.ToDictionary(l => Digest.Of(l.Blob), l => l.Blob),
            "1.0",
            null
        );
        return await SbomBuilder.BuildAsync(
            small.Package,
            small.Tree.Images[0],
            small.OpenLayerAsync,
            null,
            CancellationToken.None
        );
    }

    private static IEnumerable<string> Lines(JsonObject spdx)
    {
        using var document = JsonDocument.Parse(spdx.ToJsonString());
        return [.. SbomText.PackagesOf(document.RootElement).Select(package => $"{package.Name} {package.Version}")];
    }

    private static string Purl(JsonArray packages, string name) =>
        Package(packages, name)["externalRefs"]![0]!["referenceLocator"]!.GetValue<string>();

    private static string Member(JsonArray packages, string name, string member) =>
        Package(packages, name)[member]!.GetValue<string>();

    private static JsonNode Package(JsonArray packages, string name) =>
        packages.Single(package => package!["name"]!.GetValue<string>() == name)!;
}
