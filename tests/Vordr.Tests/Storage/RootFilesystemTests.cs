using Oci;
using Oci.Errors;
using Vordr.Linux;
using Vordr.Storage;

namespace Vordr.Tests.Storage;

public sealed class RootFilesystemTests : IDisposable
{
    private readonly TestDirectory _directory = new();
    private readonly ContentStore _content;
    private readonly LayerStore _layers;
    private readonly RootFilesystem _roots;

    public RootFilesystemTests()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Mounts need root.");
        _content = new ContentStore(_directory["state"], keepFree: 0);
        _layers = new LayerStore(
            _directory["state"],
            _directory["run"],
            _content,
            new ExtractionLimits { KeepFree = 0 }
        );
        _roots = new RootFilesystem(_directory["state"]);
    }

    private string Container => _directory["state/containers/c1"];

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Image_with_links_to_the_host_in_place_of_mount_points_gets_them_inside()
    {
        var canary = _directory.New("canary");
        var image = new TarBuilder()
            .Link("etc", canary)
            .Link("proc", "../../../../../../../else/proc")
            .Link("sys", "/loop")
            .Link("loop", "/sys");

        var loop = () => MountAsync(readOnly: true, [new("/sys", false)], image);

        (await loop.Should().ThrowAsync<PublicError>()).Which.Message.Should().Contain("SYMLINK_LOOP");
        _roots.Mounted().Should().BeEmpty("a failed mount leaves nothing mounted");
        var root = await MountAsync(readOnly: true, [new("/etc/hosts", true), new("/proc", false)], image);
        Directory.EnumerateFileSystemEntries(canary).Should().BeEmpty();
        File.Exists(root + canary + "/hosts").Should().BeTrue("the link is followed inside the root");
        Tree.Status(root + "/proc").Kind.Should().Be(FileKind.SymbolicLink);
    }

    [Fact]
    public async Task Mount_point_through_a_file_is_refused_and_leaves_nothing_mounted()
    {
        var mount = () => MountAsync(readOnly: true, [new("/etc/hosts", true)], new TarBuilder().File("etc", "x"));

        (await mount.Should().ThrowAsync<PublicError>()).Which.Id.Should().Be(ErrorId.Usage);
        _roots.Mounted().Should().BeEmpty();
    }

    [Fact]
    public async Task Whiteouts_of_upper_layers_hide_what_lower_ones_have()
    {
        var root = await MountAsync(
            readOnly: false,
            [],
            new TarBuilder()
                .File("gone", "1")
                .File("kept", "1")
                .File("dir/gone", "1")
                .File("dir/kept", "1")
                .File("opaque/old", "1")
                .File("again/old", "1")
                .File("tree/a/b", "1"),
            new TarBuilder()
                .Whiteout(".wh.gone")
                .Whiteout("dir/.wh.gone")
                .Whiteout("opaque/.wh..wh..opq")
                .File("opaque/new", "2")
                .Whiteout(".wh.again")
                .File("again/new", "2")
                .Whiteout(".wh.tree")
                .File("kept", "2")
        );

        Tree.Names(root)
            .Should()
            .Equal(
                "Directory .",
                "Directory again",
                "Directory dir",
                "Directory opaque",
                "Regular again/new",
                "Regular dir/kept",
                "Regular kept",
                "Regular opaque/new"
            );
        (await File.ReadAllTextAsync(root + "/kept")).Should().Be("2");
    }

    [Fact]
    public async Task Opaque_root_hides_everything_beneath()
    {
        var root = await MountAsync(
            readOnly: false,
            [],
            new TarBuilder().File("old", "1").File("dir/old", "1").File("other/old", "1"),
            new TarBuilder().File("dir/new", "2").Whiteout(".wh..wh..opq").File("new", "2")
        );

        Tree.Names(root).Should().Equal("Directory .", "Directory dir", "Regular dir/new", "Regular new");
    }

    [Fact]
    public async Task Link_of_a_lower_layer_that_an_upper_one_writes_through_becomes_a_directory_inside()
    {
        var canary = _directory.New("canary");

        var root = await MountAsync(
            readOnly: false,
            [],
            new TarBuilder().Link("out", canary),
            new TarBuilder().File("out/owned", "x")
        );

        Directory.EnumerateFileSystemEntries(canary).Should().BeEmpty();
        Tree.Names(root).Should().Equal("Directory .", "Directory out", "Regular out/owned");
    }

    [Fact]
    public async Task Devices_of_an_image_do_not_work_in_its_root()
    {
        var root = await MountAsync(
            readOnly: false,
            [],
            new TarBuilder().Device("zero", TarBuilder.CharacterDevice, 1, 5)
        );

        var open = () => File.OpenRead(root + "/zero");

        open.Should().Throw<UnauthorizedAccessException>();
    }

    [Fact]
    public async Task Writable_root_takes_the_looks_of_the_image_and_keeps_what_is_written_over_a_remount()
    {
        var image = new TarBuilder().Directory("./", mode: 0x1c9, uid: 7).File("file", "1");
        var root = await MountAsync(readOnly: false, [], image);
        (Tree.Status(root).Mode, Tree.Status(root).UserId).Should().Be((0x1c9, 7u));
        await File.WriteAllTextAsync(root + "/file", "2");
        _roots.Mounted().Should().Equal(Container);
        _roots.IsMounted(Container).Should().BeTrue();

        (await MountAsync(readOnly: false, [], image)).Should().Be(root, "mounting twice is mounting once");
        _roots.Unmount(Container);
        _roots.Unmount(Container);
        _roots.IsMounted(Container).Should().BeFalse();
        await MountAsync(readOnly: false, [], image);

        (await File.ReadAllTextAsync(root + "/file")).Should().Be("2");
        _roots.Remove(Container);
        _roots.Remove(Container);
        Directory.Exists(Container).Should().BeFalse();
        (await File.ReadAllTextAsync(_layers.Find(_layers.List().Single())!.Directory + "/file")).Should().Be("1");
    }

    [Fact]
    public async Task Read_only_root_has_its_mount_points_with_the_looks_of_the_image_and_takes_no_write()
    {
        var image = new TarBuilder()
            .Directory("etc", mode: 0x1c9, uid: 7)
            .Link("var/run", "/run")
            .Directory("run", uid: 8);
        MountPoint[] points =
        [
            new("/etc/hosts", true),
            new("/proc", false),
            new("/var/run/secrets/token", true),
            new("/data/deep/er", false),
        ];

        var root = await MountAsync(readOnly: true, points, image);

        Tree.Status(root + "/etc/hosts").Kind.Should().Be(FileKind.Regular);
        (Tree.Status(root + "/etc").Mode, Tree.Status(root + "/etc").UserId).Should().Be((0x1c9, 7u));
        Tree.Status(root + "/run").UserId.Should().Be(8);
        Tree.Status(root + "/run/secrets/token").Kind.Should().Be(FileKind.Regular);
        Tree.Status(root + "/data/deep/er").Kind.Should().Be(FileKind.Directory);
        var write = () => File.WriteAllTextAsync(root + "/etc/new", "x");
        (await write.Should().ThrowAsync<IOException>()).WithMessage("*Read-only*");
        _roots.Unmount(Container);
        (await MountAsync(readOnly: true, points, image)).Should().Be(root);
        Directory.EnumerateDirectories(Container).Select(Path.GetFileName).Should().BeEquivalentTo("rootfs", "top");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Hundred_and_twenty_seven_layers_are_one_root(bool readOnly)
    {
        var image = Enumerable.Range(0, 127).Select(i => new TarBuilder().File($"f{i}", $"{i}").File("top", $"{i}"));

        var root = await MountAsync(readOnly, [new("/proc", false)], [.. image]);

        Directory.EnumerateFiles(root).Should().HaveCount(128);
        (await File.ReadAllTextAsync(root + "/top")).Should().Be("126");
    }

    [Fact]
    public async Task Classic_mount_of_a_hundred_and_twenty_eight_layers_by_alias_fits_into_a_page()
    {
        // What a kernel before 6.5 gets; relative names, on a thread with a working directory of its own.
        var names = Enumerable.Range(0, 128).Select(i => $"l/{i:d12}").ToList();
        foreach (var name in names)
            _directory.New(name);
        await File.WriteAllTextAsync(_directory[names[127] + "/lowest"], "x");
        _directory.New("upper");
        _directory.New("work");
        var target = _directory.New("target");
        using var state = FileSystem.OpenDirectory(_directory.Path);
        var before = Environment.CurrentDirectory;

        await WorkingDirectory.RunIn(
            state,
            () =>
            {
                new Overlay(names, "upper", "work").MountClassic(target);
                return true;
            }
        );

        File.Exists(target + "/lowest").Should().BeTrue();
        Environment.CurrentDirectory.Should().Be(before);
        new FileInfo("/proc/self/cwd").LinkTarget.Should().Be(before);
    }

    [Fact]
    public async Task Image_without_layers_or_with_too_many_is_refused()
    {
        var layer = new Layer(Digest.Of("x"u8), "alias", "/nowhere");
        foreach (var count in new[] { 0, 128 })
        {
            var request = new RootFilesystemRequest(Container, [.. Enumerable.Repeat(layer, count)], false, []);
            var mount = () => _roots.MountAsync(request, default);
            (await mount.Should().ThrowAsync<PublicError>()).Which.Id.Should().Be(ErrorId.BundleMalformed);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/a/..")]
    public void Container_directory_that_names_no_container_is_never_removed(string directory)
    {
        var remove = () => _roots.Remove(directory);

        remove.Should().Throw<ArgumentException>();
        Directory.Exists(_directory["state/containers"]).Should().BeTrue();
    }

    private async Task<string> MountAsync(bool readOnly, MountPoint[] points, params TarBuilder[] image)
    {
        var sources = new List<LayerSource>();
        foreach (var tar in image)
        {
            var digest = await _content.PutAsync(tar.Build(), default);
            sources.Add(new LayerSource(digest, digest, LayerCompression.None));
        }
        var layers = await _layers.EnsureAllAsync(sources, default);
        return await _roots.MountAsync(new RootFilesystemRequest(Container, layers, readOnly, points), default);
    }
}
