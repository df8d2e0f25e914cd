using System.Formats.Tar;
using System.IO.Compression;
using CerroTorre.Rootfs;
using CerroTorre.Tests.Stage;
using Oci;
using Oci.Errors;

namespace CerroTorre.Tests.Rootfs;

/// <summary>Layers of directories, read back with the framework's own tar.</summary>
public sealed class LayerBuilderTests : IDisposable
{
    private static readonly DateTimeOffset s_created = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public async Task Symbolic_links_are_kept_and_never_followed()
    {
        Directory.CreateDirectory(_directory["bin"]);
        File.CreateSymbolicLink(_directory["shadow"], "/etc/shadow");
        File.CreateSymbolicLink(_directory["etc"], "/etc");

        var entries = await BuildAsync();

        entries["shadow"].EntryType.Should().Be(TarEntryType.SymbolicLink);
        entries["shadow"].LinkName.Should().Be("/etc/shadow");
        entries["etc"].EntryType.Should().Be(TarEntryType.SymbolicLink);
        entries.Keys.Should().NotContain(name => name.StartsWith("etc/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Directory_behind_a_link_that_was_swapped_in_is_not_opened()
    {
        Directory.CreateSymbolicLink(_directory["lib"], "/usr/lib");
        using var root = new RootDirectory(_directory.Path);
        var open = () => root.Open("lib/os-release");
        open.Should().Throw<IOException>();
        var climb = () => root.Open("../");
        climb.Should().Throw<IOException>();
        await Task.CompletedTask;
    }

    [Fact]
    public async Task File_whose_name_would_delete_is_refused()
    {
        await File.WriteAllTextAsync(_directory[".wh.passwd"], "");
        var build = () => BuildAsync();
        await build.Should().ThrowAsync<PublicError>().WithMessage("*.wh.*");
    }

    [Fact]
    public async Task Entries_are_sorted_and_no_time_is_later_than_created()
    {
        Directory.CreateDirectory(_directory["b"]);
        await File.WriteAllTextAsync(_directory["b/z"], "z");
        await File.WriteAllTextAsync(_directory["a.txt"], "a");
        await File.WriteAllTextAsync(_directory["old"], "o");
        File.SetLastWriteTimeUtc(_directory["old"], new DateTime(2001, 2, 3, 0, 0, 0, DateTimeKind.Utc));

        var entries = await BuildAsync();

        entries.Keys.Should().Equal("./", "a.txt", "b/", "b/z", "old");
        entries["a.txt"].ModificationTime.Should().Be(s_created);
        entries["old"].ModificationTime.Year.Should().Be(2001);
    }

    [Fact]
    public async Task Hard_links_long_and_foreign_names_large_ids_and_xattrs_survive()
    {
        var deep = string.Join('/', Enumerable.Repeat("abcdefghij", 12));
        Directory.CreateDirectory(_directory[deep]);
        await File.WriteAllTextAsync(_directory[$"{deep}/file"], "deep");
        await File.WriteAllTextAsync(_directory["grüße"], "hallo");
        await File.WriteAllTextAsync(_directory["one"], "linked");
        Run("ln", _directory["one"], _directory["two"]);
        var hasXattr = Run("setfattr", "-n", "user.note", "-v", "hi", _directory["one"]);
        var isRoot = Environment.IsPrivilegedProcess;
        if (isRoot)
            Run("chown", "3000000:3000001", _directory["grüße"]);

        var entries = await BuildAsync();

        entries[$"{deep}/file"].Length.Should().Be(4);
        entries["two"].EntryType.Should().Be(TarEntryType.HardLink);
        entries["two"].LinkName.Should().Be("one");
        entries.Should().ContainKey("grüße");
        if (isRoot)
            (entries["grüße"].Uid, entries["grüße"].Gid).Should().Be((3000000, 3000001));
        if (hasXattr)
            ((PaxTarEntry)entries["one"]).ExtendedAttributes["SCHILY.xattr.user.note"].Should().Be("hi");
    }

    [Fact]
    public async Task Devices_and_pipes_are_kept_and_sockets_left_out()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "making devices needs root");
        Run("mknod", _directory["null"], "c", "1", "3").Should().BeTrue();
        Run("mkfifo", _directory["pipe"]).Should().BeTrue();
        using var socket = new System.Net.Sockets.Socket(
            System.Net.Sockets.AddressFamily.Unix,
            System.Net.Sockets.SocketType.Stream,
            System.Net.Sockets.ProtocolType.Unspecified
        );
        socket.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(_directory["socket"]));

        var output = new MemoryStream();
        var layer = await new LayerBuilder(s_created).BuildAsync(_directory.Path, output, CancellationToken.None);
        var entries = await ReadAsync(output.ToArray());

        layer.Skipped.Should().Equal("socket");
        entries["pipe"].EntryType.Should().Be(TarEntryType.Fifo);
        entries["null"].EntryType.Should().Be(TarEntryType.CharacterDevice);
        ((PosixTarEntry)entries["null"]).DeviceMinor.Should().Be(3);
    }

    [Fact]
    public async Task Two_builds_give_the_same_bytes_and_honest_digests()
    {
        await File.WriteAllBytesAsync(_directory["data"], new byte[200_000]);
        var (first, second) = (new MemoryStream(), new MemoryStream());

        var layer = await new LayerBuilder(s_created).BuildAsync(_directory.Path, first, CancellationToken.None);
        await new LayerBuilder(s_created).BuildAsync(_directory.Path, second, CancellationToken.None);

        second.ToArray().Should().Equal(first.ToArray());
        layer.Blob.Should().Be(Digest.Of(first.ToArray()));
        layer.Size.Should().Be(first.Length);
        var tar = new MemoryStream();
        await new GZipStream(new MemoryStream(first.ToArray()), CompressionMode.Decompress).CopyToAsync(tar);
        layer.DiffId.Should().Be(Digest.Of(tar.ToArray()));
    }

    public void Dispose() => _directory.Dispose();

    private async Task<Dictionary<string, TarEntry>> BuildAsync()
    {
        var output = new MemoryStream();
        await new LayerBuilder(s_created).BuildAsync(_directory.Path, output, CancellationToken.None);
        return await ReadAsync(output.ToArray());
    }

    private static async Task<Dictionary<string, TarEntry>> ReadAsync(byte[] layer)
    {
        var entries = new Dictionary<string, TarEntry>();
        await using var reader = new TarReader(new GZipStream(new MemoryStream(layer), CompressionMode.Decompress));
        while (await reader.GetNextEntryAsync(copyData: true) is { } entry)
            entries.Add(entry.Name, entry);
        return entries;
    }

    private static bool Run(string program, params string[] arguments)
    {
        try
        {
            using var process = System.Diagnostics.Process.Start(program, arguments);
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
