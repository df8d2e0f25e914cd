using System.Diagnostics;
using System.Formats.Tar;
using System.Text.Json.Nodes;
using CerroTorre.Bundles;
using CerroTorre.Packing;
using CerroTorre.Signing;
using CerroTorre.Sources;
using CerroTorre.Tests.Stage;
using CerroTorre.Unpacking;
using Oci;
using Oci.Errors;
using Oci.Layout;
using Trust.Verdicts;

namespace CerroTorre.Tests.Packing;

/// <summary>Images in every form that <c>pack</c> takes, and in forms that it refuses by name.</summary>
public sealed class PackerTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly ImageLayout _layout;

    public PackerTests() => _layout = new ImageLayout(_directory["layout"]);

    [Theory]
    [InlineData("schema 1", "schema 1")]
    [InlineData("foreign layer", "foreign layer")]
    [InlineData("docker foreign layer", "foreign layer")]
    [InlineData("layer with urls", "'urls'")]
    [InlineData("encrypted layer", "encrypted")]
    [InlineData("sha512 layer", "'sha512'")]
    [InlineData("unknown layer", "not a tar layer's")]
    [InlineData("manifest that is an index too", "ambiguous")]
    [InlineData("manifest that says another type", "where its descriptor says")]
    [InlineData("128 layers", "127 is the limit")]
    [InlineData("negative size", "negative size")]
    [InlineData("layer of 8 GiB", "below 8 GiB")]
    [InlineData("config of something else", "not an image's")]
    [InlineData("layer without a diff id", "diff_ids")]
    [InlineData("index in an index", "depth 1")]
    [InlineData("two sizes of one layer", "two descriptors")]
    [InlineData("missing layer", "is missing")]
    [InlineData("layer that is another", "has the digest")]
    [InlineData("129 manifests", "128 is the limit")]
    [InlineData("manifests of 68 MiB", "bytes together")]
    [InlineData("index of attestations only", "no image that could be run")]
    public async Task Image_that_can_not_be_carried_is_refused_by_name(string kind, string words)
    {
        var root = await HostileAsync(kind);
        _layout.Add(root);

        var pack = () => PackAsync($"oci:{_directory["layout"]}");

        (await pack.Should().ThrowAsync<PublicError>()).Which.Message.Should().Contain(words);
        Directory.EnumerateFileSystemEntries(_directory.Path).Should().HaveCount(1, "nothing half-done is left");
    }

    [Fact]
    public async Task Failed_pack_leaves_the_bundle_that_was_there()
    {
        await File.WriteAllTextAsync(_directory["web.ctp"], "precious");
        _layout.Add(await HostileAsync("missing layer"));
        var pack = () => PackAsync($"oci:{_directory["layout"]}");
        await pack.Should().ThrowAsync<PublicError>();
        (await File.ReadAllTextAsync(_directory["web.ctp"])).Should().Be("precious");
    }

    [Fact]
    public async Task Index_keeps_all_platforms_and_carries_what_is_never_run()
    {
        var attestation = await _layout.ImageAsync(
            "linux/amd64",
            manifest =>
            {
                manifest["layers"]![0]!["mediaType"] = "application/vnd.in-toto+json";
                manifest["config"] = _layout.Document(MediaTypes.ImageConfig, new JsonObject());
            }
        );
        attestation["platform"] = new JsonObject { ["architecture"] = "unknown", ["os"] = "unknown" };
        _layout.Add(
            _layout.Index(await _layout.ImageAsync("linux/amd64"), await _layout.ImageAsync("linux/arm64"), attestation)
        );

        var head = (await PackAsync($"oci:{_directory["layout"]}")).Head;

        head.Images.Select(image => image.IsRunnable).Should().Equal(true, true, false);
        head.Summary.Platforms.Select(p => p.Platform).Should().Equal("linux/amd64", "linux/arm64");
        head.RequireImage(PlatformOf.Parse("linux/arm64/v8")).Platform.Architecture.Should().Be("arm64");
        (await JudgeAsync()).Should().BeNull("each platform has its SBOM");
    }

    [Fact]
    public async Task Platform_selects_one_manifest_as_the_root()
    {
        var arm = await _layout.ImageAsync("linux/arm64");
        _layout.Add(_layout.Index(await _layout.ImageAsync("linux/amd64"), arm));
        File.Delete(Path.Combine(_directory["layout"], OciLayout.BlobPath(Digest.Of("x"u8))));

        var result = await PackAsync(
            $"oci:{_directory["layout"]}",
            r => r with { Platform = PlatformOf.Parse("linux/arm64") }
        );

        result.Head.Root.Digest.ToString().Should().Be(arm["digest"]!.GetValue<string>());
        var missing = () =>
            PackAsync($"oci:{_directory["layout"]}", r => r with { Platform = PlatformOf.Parse("linux/s390x") });
        (await missing.Should().ThrowAsync<PublicError>()).Which.Message.Should().Contain("linux/amd64, linux/arm64");
    }

    [Fact]
    public async Task Tag_selects_one_image_and_names_the_version()
    {
        _layout
            .Add(await _layout.ImageAsync("linux/amd64"), "1.0")
            .Add(await _layout.ImageAsync("linux/arm64"), "acme/web:2.0");

        var result = await PackAsync(
            $"oci:{_directory["layout"]}:acme/web:2.0",
            r => r with { Name = null, Version = null }
        );

        result.Head.PackageManifest.Reference.Should().Be("acme/web:2.0");
        var ambiguous = () => PackAsync($"oci:{_directory["layout"]}");
        (await ambiguous.Should().ThrowAsync<PublicError>()).Which.Message.Should().Contain("1.0, acme/web:2.0");
    }

    [Fact]
    public async Task Docker_schema_2_stays_what_it_is()
    {
        var image = await _layout.ImageAsync("linux/amd64", isDocker: true);
        _layout.Add(image);

        var head = (await PackAsync($"oci:{_directory["layout"]}")).Head;

        head.Root.MediaType.Should().Be(MediaTypes.DockerManifest);
        head.Root.Digest.ToString().Should().Be(image["digest"]!.GetValue<string>());
        (await JudgeAsync()).Should().BeNull();
    }

    [Fact]
    public async Task Layout_in_an_archive_gives_the_same_image()
    {
        _layout.Add(await _layout.ImageAsync("linux/amd64"));
        await TarFile.CreateFromDirectoryAsync(
            _directory["layout"],
            _directory["web.tar"],
            includeBaseDirectory: false
        );

        var packed = await PackAsync($"oci-archive:{_directory["web.tar"]}");
        var fromDirectory = await PackAsync($"oci:{_directory["layout"]}");

        packed.Head.Root.Should().Be(fromDirectory.Head.Root);
        var again = await PackAsync(
            $"oci-archive:{_directory["web.ctp"]}",
            r => r with { Output = _directory["again.ctp"] }
        );
        again.Head.Root.Should().Be(packed.Head.Root, "a bundle is an image archive itself");
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Docker_archive_is_packed_with_its_layers_as_they_are(bool isHybrid, bool isCompressed)
    {
        var (layer, diffId) = await PlainLayerAsync();
        var config = MadeImage.ConfigOf(PlatformOf.Host, SmallBundle.Time, new Oci.Image.ExecutionConfig(), diffId);
        var configName = isHybrid ? OciLayout.BlobPath(Digest.Of(config)) : $"{Digest.Of(config).Hex}.json";
        var layerName = isHybrid ? OciLayout.BlobPath(diffId) : "0123/layer.tar";
        await using (var tar = new TarWriter(File.Create(_directory["saved.tar"])))
        {
            await WriteAsync(tar, configName, config);
            await WriteAsync(tar, layerName, layer);
            // Old archives hold a layer that two images share as a link.
            await tar.WriteEntryAsync(
                new GnuTarEntry(TarEntryType.SymbolicLink, "4567/layer.tar") { LinkName = "../0123/layer.tar" }
            );
            var listed = isHybrid ? layerName : "4567/layer.tar";
            var manifest =
                $$"""[{"Config":"{{configName}}","RepoTags":["docker.io/acme/web:3.1"],"Layers":["{{listed}}"]}]""";
            await WriteAsync(tar, "manifest.json", System.Text.Encoding.UTF8.GetBytes(manifest));
        }
        if (isCompressed)
            await GzipAsync(_directory["saved.tar"]);

        var result = await PackAsync(
            $"docker-archive:{_directory["saved.tar"]}",
            r => r with { Name = null, Version = null }
        );

        result.Head.PackageManifest.Reference.Should().Be("acme/web:3.1");
        result.Head.Layers.Should().ContainSingle().Which.Digest.Should().Be(diffId);
        result.Head.Images[0].ConfigBytes.ToArray().Should().Equal(config);
        (await JudgeAsync()).Should().BeNull();
    }

    [Fact]
    public async Task Directory_packed_twice_gives_identical_bytes_and_unpacks_to_a_layout()
    {
        Directory.CreateDirectory(_directory["rootfs"]);
        await File.WriteAllTextAsync(_directory["rootfs/hello"], "hello");
        var first = await PackAsync($"dir:{_directory["rootfs"]}");
        var bytes = await File.ReadAllBytesAsync(_directory["web.ctp"]);
        (await PackAsync($"dir:{_directory["rootfs"]}"))
            .BundleDigest.Should()
            .Be(first.BundleDigest)
            .And.Be(Digest.Of(bytes));

        await using (var bundle = File.OpenRead(_directory["web.ctp"]))
            await BundleUnpacker.UnpackAsync(bundle, _directory["unpacked"], null, CancellationToken.None);
        var again = await PackAsync($"oci:{_directory["unpacked"]}", r => r with { Output = _directory["again.ctp"] });
        again.Head.Root.Should().Be(first.Head.Root);
    }

    [Fact]
    public async Task Tampered_bundle_unpacks_to_nothing()
    {
        var bundle = await (await SmallBundle.CreateAsync()).ToBytesAsync();
        bundle[^1500] ^= 1;
        var unpack = () =>
            BundleUnpacker.UnpackAsync(new MemoryStream(bundle), _directory["unpacked"], null, CancellationToken.None);
        await unpack.Should().ThrowAsync<PublicError>();
        Directory.EnumerateFileSystemEntries(_directory.Path).Should().ContainSingle().Which.Should().EndWith("layout");
    }

    [Fact]
    public async Task Second_signer_signs_the_same_release_and_disturbs_nothing()
    {
        _layout.Add(await _layout.ImageAsync("linux/amd64"));
        await PackAsync($"oci:{_directory["layout"]}", r => r with { Key = null });
        (await JudgeAsync()).Should().Be(VerdictCode.MissingAttestation);

        var first = await BundleSigner.SignAsync(_directory["web.ctp"], SmallBundle.Key);
        first.Added.Should().HaveCount(3, "an unsigned bundle lacks its SBOM and provenance too");
        (await JudgeAsync()).Should().BeNull();
        var second = await BundleSigner.SignAsync(_directory["web.ctp"], SmallBundle.Stranger);
        second.Added.Should().ContainSingle();
        (await JudgeAsync()).Should().BeNull();
        second.Head.Attestations.Releases.Should().ContainSingle("both signed the same bytes");
        second.BundleDigest.Should().Be(Digest.Of(await File.ReadAllBytesAsync(_directory["web.ctp"])));

        var third = () => BundleSigner.SignAsync(_directory["web.ctp"], SmallBundle.Stranger);
        await third.Should().ThrowAsync<PublicError>().WithMessage("*already has the signature*");
    }

    [Fact]
    public async Task Damaged_bundle_is_not_signed()
    {
        var bundle = await (await SmallBundle.CreateAsync()).ToBytesAsync();
        bundle[^1500] ^= 1;
        await File.WriteAllBytesAsync(_directory["web.ctp"], bundle);
        var sign = () => BundleSigner.SignAsync(_directory["web.ctp"], SmallBundle.Stranger);
        await sign.Should().ThrowAsync<PublicError>();
        (await File.ReadAllBytesAsync(_directory["web.ctp"])).Should().Equal(bundle);
    }

    [Fact]
    public async Task Skopeo_copies_a_bundle_as_the_image_archive_that_it_is()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/skopeo"), "skopeo is not installed");
        Directory.CreateDirectory(_directory["rootfs"]);
        await File.WriteAllTextAsync(_directory["rootfs/hello"], "hello");
        var result = await PackAsync($"dir:{_directory["rootfs"]}");

        using var skopeo = Process.Start(
            new ProcessStartInfo(
                "/usr/bin/skopeo",
                [
                    "--insecure-policy",
                    "copy",
                    "--quiet",
                    $"oci-archive:{_directory["web.ctp"]}",
                    $"dir:{_directory["copied"]}",
                ]
            )
            {
                RedirectStandardError = true,
                UseShellExecute = false,
            }
        )!;
        var said = await skopeo.StandardError.ReadToEndAsync();
        await skopeo.WaitForExitAsync();

        skopeo.ExitCode.Should().Be(0, said);
        Digest
            .Of(await File.ReadAllBytesAsync(_directory["copied/manifest.json"]))
            .Should()
            .Be(result.Head.Root.Digest);
    }

    public void Dispose() => _directory.Dispose();

    private Task<PackResult> PackAsync(string source, Func<PackRequest, PackRequest>? change = null)
    {
        var request = new PackRequest(SourceSpec.Parse(source), _directory["web.ctp"])
        {
            Name = "web",
            Version = "1.0",
            Created = SmallBundle.Time,
            Key = SmallBundle.Key,
        };
        return Packer.PackAsync(change?.Invoke(request) ?? request, CancellationToken.None);
    }

    private async Task<string?> JudgeAsync() =>
        (await SmallBundle.JudgeAsync(await File.ReadAllBytesAsync(_directory["web.ctp"]))).Code;

    private async Task<JsonObject> HostileAsync(string kind)
    {
        switch (kind)
        {
            case "schema 1":
                return _layout.Document(
                    MediaTypes.ImageManifest,
                    new JsonObject { ["schemaVersion"] = 1, ["fsLayers"] = new JsonArray() }
                );
            case "index in an index":
                return _layout.Index(_layout.Index(await _layout.ImageAsync("linux/amd64")));
            case "129 manifests":
                return _layout.Index([.. Enumerable.Repeat(await _layout.ImageAsync("linux/amd64"), 129)]);
            case "manifests of 68 MiB":
                var large = new List<JsonObject>();
                for (var i = 0; i < 17; i++)
                {
                    var text = new string((char)('a' + i), (4 << 20) - 2000);
                    large.Add(
                        await _layout.ImageAsync(
                            "linux/amd64",
                            manifest => manifest["annotations"] = new JsonObject { ["text"] = text }
                        )
                    );
                }
                return _layout.Index([.. large]);
            case "index of attestations only":
                var only = await _layout.ImageAsync("linux/amd64");
                only["platform"] = new JsonObject { ["architecture"] = "unknown", ["os"] = "unknown" };
                return _layout.Index(only);
            default:
                return await _layout.ImageAsync("linux/amd64", manifest => Spoil(manifest, kind));
        }
    }

    private void Spoil(JsonObject manifest, string kind)
    {
        var layers = manifest["layers"]!.AsArray();
        var layer = layers[0]!;
        switch (kind)
        {
            case "foreign layer":
                layer["mediaType"] = "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip";
                break;
            case "docker foreign layer":
                layer["mediaType"] = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip";
                break;
            case "layer with urls":
                layer["urls"] = new JsonArray("https://example.org/layer");
                break;
            case "encrypted layer":
                layer["mediaType"] = MediaTypes.LayerGzip + "+encrypted";
                break;
            case "sha512 layer":
                layer["digest"] = "sha512:" + new string('0', 128);
                break;
            case "unknown layer":
                layer["mediaType"] = "application/octet-stream";
                break;
            case "manifest that is an index too":
                manifest["manifests"] = new JsonArray();
                break;
            case "manifest that says another type":
                manifest["mediaType"] = MediaTypes.DockerManifest;
                break;
            case "128 layers":
                for (var i = 1; i < 128; i++)
                    layers.Add(layer.DeepClone());
                break;
            case "negative size":
                layer["size"] = -1;
                break;
            case "layer of 8 GiB":
                layer["size"] = 8L << 30;
                break;
            case "config of something else":
                manifest["config"]!["mediaType"] = "application/vnd.oci.empty.v1+json";
                break;
            case "layer without a diff id":
                layers.Add(layer.DeepClone());
                break;
            case "two sizes of one layer":
                layers.Add(layer.DeepClone());
                layers[1]!["size"] = 7;
                manifest["config"] = TwoDiffIds(manifest["config"]!);
                break;
            case "missing layer":
                layer["digest"] = Digest.Of("missing"u8).ToString();
                break;
            case "layer that is another":
                var path = Path.Combine(
                    _directory["layout"],
                    OciLayout.BlobPath(Digest.Parse(layer["digest"]!.GetValue<string>()))
                );
                var content = File.ReadAllBytes(path);
                content[4] ^= 1; // the gzip header's time: it still unpacks to its diff id
                File.WriteAllBytes(path, content);
                break;
            default:
                throw new InvalidOperationException(kind);
        }
    }

    private JsonObject TwoDiffIds(JsonNode config)
    {
        var path = Path.Combine(
            _directory["layout"],
            OciLayout.BlobPath(Digest.Parse(config["digest"]!.GetValue<string>()))
        );
        var json = JsonNode.Parse(File.ReadAllBytes(path))!;
        var diffIds = json["rootfs"]!["diff_ids"]!.AsArray();
        diffIds.Add(diffIds[0]!.DeepClone());
        return _layout.Document(MediaTypes.ImageConfig, json);
    }

    private static async Task<(byte[] Tar, Digest DiffId)> PlainLayerAsync()
    {
        var (gzip, diffId) = await SmallBundle.LayerAsync(("hello", "hello"));
        var tar = new MemoryStream();
        await using var plain = new System.IO.Compression.GZipStream(
            new MemoryStream(gzip),
            System.IO.Compression.CompressionMode.Decompress
        );
        await plain.CopyToAsync(tar);
        return (tar.ToArray(), diffId);
    }

    private static async Task WriteAsync(TarWriter tar, string name, byte[] content) =>
        await tar.WriteEntryAsync(
            new GnuTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) }
        );

    private static async Task GzipAsync(string path)
    {
        var content = await File.ReadAllBytesAsync(path);
        await using var gzip = new System.IO.Compression.GZipStream(
            File.Create(path),
            System.IO.Compression.CompressionLevel.Fastest
        );
        await gzip.WriteAsync(content);
    }
}
