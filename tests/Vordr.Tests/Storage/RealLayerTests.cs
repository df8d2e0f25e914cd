using System.Diagnostics;
using System.Text.Json;
using Oci;
using Vordr.Storage;

namespace Vordr.Tests.Storage;

public sealed class RealLayerTests : IDisposable
{
    private readonly TestDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Configuration_and_system_programs_of_this_machine_unpack_as_gnu_tar_unpacks_them()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Owners need root.");
        // Links, hard links, setuid programs, odd owners and names, as a distribution has them.
        string[] tree = ["etc", "usr/sbin", "usr/share/zoneinfo", "var/lib/dpkg/info"];
        string[] present = [.. tree.Where(path => Directory.Exists("/" + path))];
        await RunAsync("tar", ["--xattrs", "-cf", _directory["real.tar"], "-C", "/", .. present]);
        _directory.New("theirs");
        await RunAsync(
            "tar",
            [
                "--xattrs",
                "--xattrs-include=*",
                "--numeric-owner",
                "-xpf",
                _directory["real.tar"],
                "-C",
                _directory["theirs"],
            ]
        );

        await using var tar = File.OpenRead(_directory["real.tar"]);
        var layer = LayerExtractor.Extract(tar, _directory.New("ours"), [], ExtractionLimits.Default, default);

        layer.Bytes.Should().Be(tar.Length);
        foreach (var path in present)
        {
            Tree.Describe(_directory["ours/" + path], times: true)
                .Should()
                .Be(Tree.Describe(_directory["theirs/" + path], times: true));
        }
    }

    [Fact]
    public async Task Layers_that_umoci_made_mount_to_what_umoci_unpacks()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess && File.Exists("/usr/bin/umoci"), "Needs root and umoci.");
        var image = _directory["layout"] + ":tag";
        await RunAsync("umoci", ["init", "--layout", _directory["layout"]]);
        await RunAsync("umoci", ["new", "--image", image]);
        await RunAsync("umoci", ["unpack", "--image", image, _directory["work"]]);
        await ChangeAsync(
            image,
            "mkdir -p a/b c/d e; echo 1 > a/b/f; echo 1 > c/d/f; echo 1 > e/f; ln a/b/f hard; ln -s a link;"
                + "echo 1 > file; mknod dev c 1 3; chmod 4755 file; chown 5:6 e; touch -d 2001-02-03 e/f"
        );
        await ChangeAsync(
            image,
            "rm -r a/b; rm link; mkdir link; echo 2 > link/x; rm -r c; echo 2 > c; rm file; chmod 700 e; echo 2 > e/g"
        );
        await RunAsync("umoci", ["unpack", "--image", image, _directory["theirs"]]);

        var content = new ContentStore(_directory["state"], keepFree: 0);
        var layers = new LayerStore(_directory["state"], _directory["run"], content, new() { KeepFree = 0 });
        var sources = await SourcesAsync(content);
        var root = await new RootFilesystem(_directory["state"]).MountAsync(
            new(_directory["state/containers/c"], await layers.EnsureAllAsync(sources, default), false, []),
            default
        );

        sources.Should().HaveCount(2);
        Tree.Names(root).Should().Contain("Regular c").And.Contain("Regular link/x").And.NotContain("Regular a/b/f");
        WithoutRoot(Tree.Describe(root, times: true))
            .Should()
            .Be(WithoutRoot(Tree.Describe(_directory["theirs/rootfs"], times: true)));
    }

    // The root of the mounted tree is its upper directory, made just now; umoci's keeps a time of its own.
    private static string WithoutRoot(string tree) => tree[tree.IndexOf('\n', StringComparison.Ordinal)..];

    private async Task ChangeAsync(string image, string script)
    {
        await RunAsync("sh", ["-ec", $"cd '{_directory["work/rootfs"]}'; {script}"]);
        await RunAsync("umoci", ["repack", "--refresh-bundle", "--image", image, _directory["work"]]);
    }

    private async Task<List<LayerSource>> SourcesAsync(ContentStore content)
    {
        var blobs = _directory["layout/blobs/sha256"];
        var manifest = Json(_directory["layout/index.json"]).GetProperty("manifests")[0];
        var image = Json($"{blobs}/{DigestOf(manifest).Hex}");
        var diffIds = Json($"{blobs}/{DigestOf(image.GetProperty("config")).Hex}")
            .GetProperty("rootfs")
            .GetProperty("diff_ids");
        var sources = new List<LayerSource>();
        foreach (var layer in image.GetProperty("layers").EnumerateArray())
        {
            await content.PutAsync(await File.ReadAllBytesAsync($"{blobs}/{DigestOf(layer).Hex}"), default);
            var how = MediaTypes.CompressionOf(layer.GetProperty("mediaType").GetString()!)!.Value;
            sources.Add(new(DigestOf(layer), Digest.Parse(diffIds[sources.Count].GetString()!), how));
        }
        return sources;
    }

    private static Digest DigestOf(JsonElement descriptor) =>
        Digest.Parse(descriptor.GetProperty("digest").GetString()!);

    private static JsonElement Json(string path) => JsonDocument.Parse(File.ReadAllBytes(path)).RootElement;

    private static async Task RunAsync(string program, string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false }
        )!;
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        // 1 is tar's "file changed as we read it": what is in the archive is what counts.
        process.ExitCode.Should().BeInRange(0, program == "tar" ? 1 : 0, error);
    }
}
