using System.Diagnostics;
using Oci;
using Oci.Errors;
using Vordr.Linux;
using Vordr.Storage;

namespace Vordr.Tests.Storage;

public sealed class LayerExtractorTests : IDisposable
{
    private readonly TestDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Disk_without_room_refuses_as_no_space_and_not_as_a_bad_layer()
    {
        var full = () =>
            Extract(new TarBuilder().File("a", "x"), limits: new ExtractionLimits { KeepFree = long.MaxValue / 2 });

        full.Should().Throw<PublicError>().Which.Id.Should().Be(ErrorId.NoSpace);
    }

    [Fact]
    public void Cancelled_extraction_stops()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();

        var extract = () =>
            LayerExtractor.Extract(
                new MemoryStream(new TarBuilder().File("a", "x").Build()),
                _directory.New("layer"),
                [],
                ExtractionLimits.Default,
                cancelled.Token
            );

        extract.Should().Throw<OperationCanceledException>();
    }

    [Fact]
    public void Names_that_are_no_utf8_stay_the_bytes_they_are()
    {
        Extract(new TarBuilder().File("caf\u00e9 \u0001", "x"));

        using var layer = FileSystem.OpenDirectory(_directory["layer"]);
        FileSystem.TryStat(layer, new UnixPath([.. "caf"u8, 0xe9, .. " \u0001"u8])).Should().NotBeNull();
    }

    [Fact]
    public void Setuid_bits_capabilities_and_times_are_kept_whatever_the_owner()
    {
        byte[] capability = [1, 0, 0, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        Extract(
            new TarBuilder()
                .Pax(("SCHILY.xattr.security.capability", capability), ("mtime", "1234567890.123456789"u8.ToArray()))
                .File("ping", "x", mode: 0x9ed, uid: 1000, gid: 70_000)
                .Pax(("SCHILY.xattr.user.binary", [0, 0xff, 0x0a]), ("uid", "70001"u8.ToArray()))
                .Directory("d", mode: 0x3ff, mtime: 77)
                .File("d/later", "x")
                .Pax(("SCHILY.xattr.security.selinux", "label"), ("mtime", "-1.5"))
                .Link("link", "../d")
        );

        var ping = Tree.Status(_directory["layer/ping"]);
        ping.Mode.Should().Be(0x9ed);
        (ping.UserId, ping.GroupId).Should().Be((1000u, 70_000u));
        ping.Modified.Should().Be(new UnixTime(1234567890, 123456789));
        Attribute("ping", "security.capability").Should().Equal(capability);
        var directory = Tree.Status(_directory["layer/d"]);
        (directory.Mode, directory.UserId, directory.Modified).Should().Be((0x3ff, 70_001u, new UnixTime(77, 0)));
        Attribute("d", "user.binary").Should().Equal([0, 0xff, 0x0a]);
        Tree.Status(_directory["layer/link"]).Modified.Should().Be(new UnixTime(-2, 500_000_000));
        Attribute("link", "security.selinux").Should().BeNull("it labels files of the machine that built the layer");
    }

    [Fact]
    public void Hard_links_share_one_inode_with_the_attributes_of_the_first_entry()
    {
        Extract(
            new TarBuilder().File("a", "x", mode: 0x1a4).Header("d/b", TarBuilder.Hardlink, mode: 0x9ed, link: "/a")
        );

        Tree.Status(_directory["layer/a"]).Same(Tree.Status(_directory["layer/d/b"])).Should().BeTrue();
        Tree.Status(_directory["layer/a"]).Mode.Should().Be(0x1a4);
    }

    [Fact]
    public void Implied_directories_and_the_root_look_as_in_the_layers_beneath()
    {
        Extract(
            new TarBuilder()
                .Directory("./", mode: 0x1c9, mtime: 5)
                .Pax(("SCHILY.xattr.user.note", "kept"))
                .Directory("srv", mode: 0x5ff, uid: 33, gid: 34, mtime: 6)
                .Directory("srv/www", mode: 0x1e8, uid: 35, gid: 36, mtime: 7),
            "lower"
        );
        Extract(new TarBuilder().Directory("other"), "middle", "lower");

        Extract(new TarBuilder().File("srv/www/site/index.html", "x"), "layer", "lower", "middle");

        Looks(".").Should().Be((0x1c9, 0u, 0u, 5L), "the middle layer's root is implied too");
        Looks("srv").Should().Be((0x5ff, 33u, 34u, 6L));
        Attribute("srv", "user.note").Should().Equal("kept"u8.ToArray());
        Looks("srv/www").Should().Be((0x1e8, 35u, 36u, 7L));
        Looks("srv/www/site").Should().Be((0x1ed, 0u, 0u, 0L));
    }

    [Fact]
    public void Implied_directory_beneath_a_whiteout_or_an_opaque_directory_is_plain()
    {
        Extract(
            new TarBuilder().Directory("a", mode: 0x1c0, uid: 9).Directory("b", uid: 9).Directory("b/c", uid: 9),
            "lower"
        );
        Extract(new TarBuilder().Whiteout(".wh.a").Whiteout("b/.wh..wh..opq"), "middle", "lower");

        Extract(new TarBuilder().File("a/x").File("b/c/x"), "layer", "lower", "middle");

        Looks("a").Should().Be((0x1ed, 0u, 0u, 0L));
        Looks("b").Should().Be((0x1ed, 9u, 0u, 0L));
        Looks("b/c").Should().Be((0x1ed, 0u, 0u, 0L));
    }

    [Fact]
    public void Formats_of_gnu_tar_and_its_options_give_what_tar_itself_unpacks()
    {
        var source = _directory.New("source");
        Directory.CreateDirectory(source + "/" + new string('d', 90) + "/sub");
        var file = $"{source}/{new string('d', 90)}/sub/{new string('f', 120)}";
        File.WriteAllText(file, "content");
        File.CreateSymbolicLink(source + "/link", new string('t', 150));
        Run("ln", file, source + "/hard");
        Run("mkfifo", source + "/fifo");
        Run("mknod", source + "/null", "c", "1", "3");
        Run("chown", "-h", "3000000:4000000", source + "/link", file);
        using (var parent = FileSystem.OpenDirectory(Path.GetDirectoryName(file)!))
            Xattr.Set(parent, Path.GetFileName(file), "user.colour", "blue"u8).Should().Be(0);
        Run("touch", "-d", "1999-01-02T03:04:05.678901234Z", file, source);
        var expected = "";
        foreach (var format in new[] { "gnu", "pax", "ustar" })
        {
            var attributes = format == "pax" ? "--xattrs" : "--no-xattrs";
            if (format == "ustar")
            {
                // What ustar can't say: large ids, long link targets, names beyond prefix and name.
                Run("chown", "-h", "30:40", source + "/link", file);
                File.Move(file, file[..^60]);
                File.Delete(source + "/hard");
                Run("ln", "-sfn", "short", source + "/link");
            }
            Run("tar", "--format", format, attributes, "--sort=name", "-cf", _directory["made.tar"], "-C", source, ".");
            _directory.New("tar-" + format);
            Run(
                "tar",
                "--xattrs",
                "--numeric-owner",
                "-xpf",
                _directory["made.tar"],
                "-C",
                _directory["tar-" + format]
            );

            Extract(File.ReadAllBytes(_directory["made.tar"]), "ours-" + format);

            expected = Tree.Describe(_directory["tar-" + format], times: true);
            Tree.Describe(_directory["ours-" + format], times: true).Should().Be(expected, format);
        }
        expected.Should().Contain("Fifo").And.Contain("SymbolicLink");
    }

    [Fact]
    public void DiffId_is_the_digest_of_everything_read()
    {
        var tar = new TarBuilder().File("a", "x").Build();
        byte[] padded = [.. tar, .. new byte[9216]];

        var layer = Extract(padded, "layer");

        layer.DiffId.Should().Be(Digest.Of(padded));
        (layer.Bytes, layer.Inodes).Should().Be((padded.Length, 1L));
    }

    [Fact]
    public void Equal_layers_give_equal_trees()
    {
        var tar = new TarBuilder().File("a/b/c", "x").Whiteout("a/.wh.z").Link("l", "a").Build();

        Extract(tar, "one");
        Extract(tar, "two");

        Tree.Describe(_directory["one"], times: true).Should().Be(Tree.Describe(_directory["two"], times: true));
    }

    private (int Mode, uint User, uint Group, long Seconds) Looks(string name)
    {
        var status = Tree.Status(Path.Combine(_directory["layer"], name));
        return (status.Mode, status.UserId, status.GroupId, status.Modified.Seconds);
    }

    private byte[]? Attribute(string name, string attribute)
    {
        using var layer = FileSystem.OpenDirectory(_directory["layer"]);
        return Xattr.Get(layer, name, attribute);
    }

    private ExtractedLayer Extract(TarBuilder tar, string name = "layer", params string[] lower) =>
        Extract(tar.Build(), name, null, lower);

    private ExtractedLayer Extract(TarBuilder tar, ExtractionLimits limits) => Extract(tar.Build(), "layer", limits);

    private ExtractedLayer Extract(byte[] tar, string name, ExtractionLimits? limits = null, params string[] lower) =>
        LayerExtractor.Extract(
            new MemoryStream(tar),
            _directory.New(name),
            [.. lower.Select(directory => _directory[directory])],
            limits ?? ExtractionLimits.Default,
            CancellationToken.None
        );

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false }
        )!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        process.ExitCode.Should().Be(0, $"{program} {string.Join(' ', arguments)}: {error}");
    }
}
