using System.Text;
using Vordr.Storage;

namespace Vordr.Tests.Storage;

/// <summary>What has to become of a hostile layer.</summary>
/// <param name="Name">What the layer tries.</param>
/// <param name="Refused">The code it is refused with; null when it is to be contained.</param>
/// <param name="Tar">The layer. <c>{canary}</c> is where the canary stands, as seen from the host.</param>
/// <param name="Contains">What the directory holds when it was contained, one <c>Kind name</c> each, the root left out.</param>
internal sealed record HostileLayer(string Name, LayerRefusal? Refused, Func<string, byte[]> Tar, string[] Contains);

/// <summary>
/// The table, agreed beforehand: layer → contained, or refused with a code. Contained means that what it makes lies in
/// the layer's directory, as the last column says, and that the canary beside it is untouched.
/// </summary>
internal static class HostileLayers
{
    private const string Wh = "CharacterDevice";

    public static IReadOnlyList<HostileLayer> Table { get; } =
    [
        // Paths
        Contained("absolute path", t => t.File("/etc/passwd", "x"), "Directory etc", "Regular etc/passwd"),
        Contained(
            "absolute path, many slashes and dots",
            t => t.File("//.//./a/./b", "x"),
            "Directory a",
            "Regular a/b"
        ),
        Contained("absolute path of the canary", (t, canary) => t.File(canary[1..] + "/x", "x"), Implied),
        Refused("dot-dot at the start", LayerRefusal.PathDotDot, t => t.File("../canary/x", "x")),
        Refused("dot-dot in the middle", LayerRefusal.PathDotDot, t => t.Directory("a").File("a/../../canary/x", "x")),
        Refused("dot-dot that stays inside", LayerRefusal.PathDotDot, t => t.Directory("a").File("a/../b", "x")),
        Refused("dot-dot as a name", LayerRefusal.PathDotDot, t => t.Directory("..")),
        Refused("absolute dot-dot", LayerRefusal.PathDotDot, t => t.File("/../canary/x", "x")),
        Contained("three dots are a name", t => t.File(".../x", "x"), "Directory ...", "Regular .../x"),
        Refused("no name", LayerRefusal.PathEmpty, t => t.File("", "x")),
        Refused("the root as a file", LayerRefusal.PathEmpty, t => t.File("./.", "x")),
        Refused("the root as a link", LayerRefusal.PathEmpty, (t, canary) => t.Link("./", canary)),
        Refused("through a file", LayerRefusal.PathThroughFile, t => t.File("a", "x").File("a/b", "x")),
        Refused(
            "through a device",
            LayerRefusal.PathThroughFile,
            t => t.Device("a", TarBuilder.Fifo, 0, 0).File("a/b", "x")
        ),
        Refused("name of 256 bytes", LayerRefusal.PathTooLong, t => t.LongName("a/" + new string('n', 256)).File("x")),
        Refused("path of 4096 bytes", LayerRefusal.PathTooLong, t => t.Pax(("path", Deep(2048) + "d")).File("x")),
        Refused("GNU long name of 1 GiB", LayerRefusal.PathTooLong, t => t.Header("x", (byte)'L', 1 << 30)),
        Refused(
            "a path that only links make too long",
            LayerRefusal.PathTooLong,
            t =>
                t.Pax(("path", Deep(1800)))
                    .Directory("x")
                    .Pax(("linkpath", Deep(1800)))
                    .Link("s", "x")
                    .Pax(("path", "s/" + Deep(400)))
                    .File("x")
        ),
        Contained("2,000 directories deep", t => t.Pax(("path", Deep(2000))).File("x"), Implied),
        // Symbolic links
        Contained(
            "write through an absolute link",
            (t, canary) => t.Link("out", canary).File("out/owned", "x"),
            Implied
        ),
        Contained(
            "write through a relative link",
            t => t.Link("out", "../../canary").File("out/owned", "x"),
            "SymbolicLink out",
            "Directory canary",
            "Regular canary/owned"
        ),
        Contained(
            "write through a chain of links",
            t => t.Link("a", "b").Link("b", "../../../canary/..").Link("c", "a/canary").File("c/owned", "x"),
            "SymbolicLink a",
            "SymbolicLink b",
            "SymbolicLink c",
            "Directory canary",
            "Regular canary/owned"
        ),
        Contained(
            "write onto a link",
            (t, canary) => t.Link("file", canary + "/secret").File("file", "x"),
            "Regular file"
        ),
        Contained(
            "directory onto a link to a directory, then through it",
            (t, canary) => t.Link("d", canary).Directory("d").File("d/owned", "x"),
            "Directory d",
            "Regular d/owned"
        ),
        Contained(
            "directory swapped for a link, then written through",
            (t, canary) => t.Directory("d").Link("d", "/" + canary).File("d/owned", "x"),
            Implied
        ),
        Contained(
            "mode and owner through a link",
            (t, canary) => t.Link("d", canary).Link("e", canary + "/secret").Directory("d/", 0x1ff).Link("e", "x"),
            "Directory d",
            "SymbolicLink e"
        ),
        Contained(
            "time of a directory that became a link",
            (t, canary) => t.Directory("a").Directory("a/secret", mtime: 99).Link("a/secret", canary),
            "Directory a",
            "SymbolicLink a/secret"
        ),
        Contained("through /proc/self/root", t => t.Link("p", "/proc/self/root").File("p/tmp/owned", "x"), Implied),
        Contained("through /proc/self/cwd by name", t => t.File("proc/self/cwd/owned", "x"), Implied),
        Refused("link loop", LayerRefusal.SymlinkLoop, t => t.Link("a", "b").Link("b", "a").File("a/x", "x")),
        Refused("link without a target", LayerRefusal.SymlinkEmpty, t => t.Link("a", "")),
        // Hard links
        Refused(
            "hard link to the host",
            LayerRefusal.HardlinkTarget,
            (t, canary) => t.HardLink("a", canary + "/secret")
        ),
        Refused("hard link by dot-dot", LayerRefusal.PathDotDot, t => t.HardLink("a", "../canary/secret")),
        Refused(
            "hard link through a link",
            LayerRefusal.HardlinkTarget,
            (t, canary) => t.Link("out", canary).HardLink("a", "out/secret")
        ),
        Contained(
            "hard link to a link to the host, written onto",
            (t, canary) => t.Link("l", canary + "/secret").HardLink("a", "l").File("a", "x"),
            "SymbolicLink l",
            "Regular a"
        ),
        Refused("hard link to a directory", LayerRefusal.HardlinkTarget, t => t.Directory("d").HardLink("a", "d")),
        Refused("hard link to the root", LayerRefusal.HardlinkTarget, t => t.HardLink("a", "/")),
        Refused("hard link to itself, first", LayerRefusal.HardlinkTarget, t => t.HardLink("a", "a")),
        Contained("hard link to itself", t => t.File("a", "x").HardLink("a", "a"), "Regular a"),
        Refused("hard link to a whiteout", LayerRefusal.HardlinkTarget, t => t.Whiteout(".wh.a").HardLink("b", "a")),
        Refused(
            "hard link with content",
            LayerRefusal.ContentOfNonFile,
            t => t.File("a", "x").Header("b", TarBuilder.Hardlink, 1, link: "a").Content([1])
        ),
        // Whiteouts
        Refused("whiteout of dot-dot", LayerRefusal.Whiteout, t => t.Whiteout(".wh..")),
        Refused("whiteout of dot-dot, deeper", LayerRefusal.Whiteout, t => t.Whiteout("a/.wh...")),
        Refused("whiteout of nothing", LayerRefusal.Whiteout, t => t.Whiteout(".wh.")),
        Refused("whiteout of a whiteout", LayerRefusal.Whiteout, t => t.Whiteout(".wh..wh.a")),
        Refused("whiteout through dot-dot", LayerRefusal.PathDotDot, t => t.Whiteout("../canary/.wh.secret")),
        Refused("directory named as a whiteout", LayerRefusal.Whiteout, t => t.Directory(".wh.a")),
        Refused("path through a whiteout's name", LayerRefusal.ReservedName, t => t.File(".wh.a/b", "x")),
        Refused("whiteout with content", LayerRefusal.Whiteout, t => t.File(".wh.a", "content")),
        Refused("whiteout as a link", LayerRefusal.Whiteout, (t, canary) => t.Link(".wh.a", canary)),
        Contained("whiteout through a link", (t, canary) => t.Link("out", canary).Whiteout("out/.wh.secret"), Implied),
        Contained(
            "opaque through a link",
            t => t.Link("out", "../canary").Whiteout("out/.wh..wh..opq"),
            "SymbolicLink out",
            "Directory canary"
        ),
        Contained("opaque root", t => t.Whiteout(".wh..wh..opq").File("a", "x"), "Regular a"),
        Contained("whiteout, then the file", t => t.Whiteout(".wh.a").File("a", "x"), "Regular a"),
        Contained("the file, then its whiteout", t => t.File("a", "x").Whiteout(".wh.a"), "Regular a"),
        Contained("whiteout twice", t => t.Whiteout(".wh.a").Whiteout(".wh.a"), $"{Wh} a"),
        Contained(
            "path through something whited out",
            t => t.Whiteout(".wh.a").File("a/b", "x"),
            "Directory a",
            "Regular a/b"
        ),
        Contained(
            "whiteouts beneath a whiteout, in both orders",
            t => t.Whiteout("a/.wh.x").Whiteout(".wh.a").Whiteout(".wh.b").Whiteout("b/c/.wh.x"),
            $"{Wh} a",
            $"{Wh} b"
        ),
        Contained("whiteout beneath a file", t => t.Whiteout("a/b/.wh.x").File("a", "x"), "Regular a"),
        // Devices, owners, attributes
        Refused("character device 0:0", LayerRefusal.Device, t => t.Device("a", TarBuilder.CharacterDevice, 0, 0)),
        Refused(
            "device number beyond the kernel's",
            LayerRefusal.Device,
            t => t.Device("a", TarBuilder.BlockDevice, 4096, 0)
        ),
        Contained("block device", t => t.Device("sda", TarBuilder.BlockDevice, 8, 0), "BlockDevice sda"),
        Contained(
            "device twice, then a file",
            t => t.Device("d", TarBuilder.CharacterDevice, 1, 3).File("d", "x"),
            "Regular d"
        ),
        Contained("setuid root", t => t.File("su", "x", mode: 0x9ed), "Regular su"),
        Refused("owner -1", LayerRefusal.Owner, t => t.Pax(("uid", "4294967295")).File("a")),
        Refused("group beyond 32 bits", LayerRefusal.Owner, t => t.Pax(("gid", "4294967296")).File("a")),
        Refused(
            "negative owner",
            LayerRefusal.HeaderField,
            t => t.Header("a", (byte)'0', change: header => TarBuilder.Base256(header, 108, 8, -1))
        ),
        Refused(
            "overlay redirect",
            LayerRefusal.Xattr,
            t => t.Pax(("SCHILY.xattr.trusted.overlay.redirect", "/../../canary")).Directory("d")
        ),
        Refused(
            "overlay metacopy",
            LayerRefusal.Xattr,
            t => t.Pax(("SCHILY.xattr.trusted.overlay.metacopy", "")).File("d")
        ),
        Refused(
            "overlay attributes of the unprivileged",
            LayerRefusal.Xattr,
            t => t.Pax(("SCHILY.xattr.user.overlay.opaque", "y")).Directory("d")
        ),
        Refused(
            "attributes of 64 KiB and more",
            LayerRefusal.Xattr,
            t => t.Pax(("SCHILY.xattr.user.a", new string('v', 65536))).File("a")
        ),
        Refused(
            "capability that is none",
            LayerRefusal.Xattr,
            t => t.Pax(("SCHILY.xattr.security.capability", "no")).File("a")
        ),
        // Headers that lie
        Contained("pax path overrides", t => t.Pax(("path", "b")).File("../a", "x"), "Regular b"),
        Refused("pax path with dot-dot", LayerRefusal.PathDotDot, t => t.Pax(("path", "../canary/x")).File("a", "x")),
        Refused("pax path with a NUL", LayerRefusal.PathNul, t => t.Pax(("path", "a\0b")).File("a", "x")),
        Refused("pax path empty", LayerRefusal.ExtendedHeader, t => t.Pax(("path", "")).File("a", "x")),
        Refused("pax path twice", LayerRefusal.ExtendedHeader, t => t.Pax(("path", "a"), ("path", "b")).File("c", "x")),
        Refused(
            "pax linkpath with dot-dot on a hard link",
            LayerRefusal.PathDotDot,
            t => t.File("a", "x").Pax(("linkpath", "../canary/secret")).HardLink("b", "a")
        ),
        Refused(
            "pax and GNU names that differ",
            LayerRefusal.ExtendedHeader,
            t => t.LongName("a").Pax(("path", "b")).File("c", "x")
        ),
        Refused(
            "pax header twice",
            LayerRefusal.ExtendedHeader,
            t => t.Pax(("path", "a")).Pax(("path", "b")).File("c")
        ),
        Refused("pax header before nothing", LayerRefusal.ExtendedHeader, t => t.Pax(("path", "a"))),
        Refused("pax header of 1 GiB", LayerRefusal.ExtendedHeader, t => t.Header("x", (byte)'x', 1 << 30)),
        Refused("pax record with a wrong length", LayerRefusal.ExtendedHeader, t => Record(t, "99 path=a\n")),
        Refused("pax record without an end", LayerRefusal.ExtendedHeader, t => Record(t, "9 path=ab")),
        Refused("pax record of nothing", LayerRefusal.ExtendedHeader, t => Record(t, "2 ")),
        Refused("pax record with a signed length", LayerRefusal.ExtendedHeader, t => Record(t, "+9 path=a\n")),
        Refused("pax size that is larger", LayerRefusal.Truncated, t => t.Pax(("size", "99999999")).File("a", "x")),
        Refused("pax size negative", LayerRefusal.ExtendedHeader, t => t.Pax(("size", "-1")).File("a", "x")),
        Refused(
            "pax size that overflows",
            LayerRefusal.HeaderField,
            t => t.Pax(("size", "9223372036854775807")).File("a")
        ),
        Refused(
            "pax size that hides the content",
            LayerRefusal.Checksum,
            t => t.Pax(("size", "0")).File("a", "an entry?")
        ),
        Refused("pax size on a directory", LayerRefusal.ContentOfNonFile, t => t.Pax(("size", "512")).Directory("a")),
        Refused(
            "global header with a path",
            LayerRefusal.GlobalHeader,
            t => t.GlobalPax("path", "../x").File("a", "x")
        ),
        Contained("global header of git", t => t.GlobalPax("comment", "0123").File("a", "x"), "Regular a"),
        Refused(
            "size in base-256, negative",
            LayerRefusal.HeaderField,
            t => t.Header("a", (byte)'0', change: header => TarBuilder.Base256(header, 124, 12, -512))
        ),
        Refused(
            "size in base-256, beyond 63 bits",
            LayerRefusal.HeaderField,
            t => t.Header("a", (byte)'0', change: header => header.AsSpan(124, 12).Fill(0xbf))
        ),
        Refused(
            "size in base-256, the largest",
            LayerRefusal.HeaderField,
            t => t.Header("a", (byte)'0', size: long.MaxValue)
        ),
        Refused(
            "size of letters",
            LayerRefusal.HeaderField,
            t => t.Header("a", (byte)'0', change: header => TarBuilder.Put(header, 124, 12, "0000000009x\0"))
        ),
        Refused("size of a petabyte", LayerRefusal.Truncated, t => t.Header("a", (byte)'0', size: 1L << 50)),
        Refused("wrong checksum", LayerRefusal.Checksum, t => t.Header("a", (byte)'0', checksum: false)),
        Refused(
            "unknown magic",
            LayerRefusal.HeaderField,
            t => t.Header("a", (byte)'0', change: header => TarBuilder.Put(header, 257, 8, "USTAR\000"))
        ),
        Refused("unknown type", LayerRefusal.EntryType, t => t.Header("a", (byte)'Z')),
        Refused("multi-volume", LayerRefusal.EntryType, t => t.Header("a", (byte)'M')),
        Refused("GNU sparse file", LayerRefusal.Sparse, t => t.Header("a", (byte)'S')),
        Refused(
            "pax sparse file of an exabyte",
            LayerRefusal.Sparse,
            t => t.Pax(("GNU.sparse.major", "1"), ("GNU.sparse.realsize", "1152921504606846976")).File("a", "x")
        ),
        Refused(
            "star sparse file",
            LayerRefusal.Sparse,
            t => t.Pax(("SCHILY.realsize", "1152921504606846976")).File("a")
        ),
        // The archive
        RefusedBytes("ends in a header", LayerRefusal.Truncated, t => t.File("a", "x").Open()[..100]),
        RefusedBytes("ends in a file", LayerRefusal.Truncated, t => t.File("a", "content").Open()[..515]),
        RefusedBytes("ends in padding", LayerRefusal.Truncated, t => t.File("a", "content").Open()[..600]),
        RefusedBytes(
            "an entry after one zero block",
            LayerRefusal.TrailingData,
            t => [.. new byte[512], .. t.File("a").Build()]
        ),
        RefusedBytes(
            "a second tar after the end",
            LayerRefusal.TrailingData,
            t => [.. t.File("a").Build(), .. t.Build()]
        ),
        RefusedBytes("one byte after the end", LayerRefusal.TrailingData, t => [.. t.File("a").Build(), 1]),
        // Duplicates
        Contained("a file twice", t => t.File("a", "1").File("a", "2"), "Regular a"),
        Contained(
            "a directory twice",
            t => t.Directory("d").File("d/a", "1").Directory("d"),
            "Directory d",
            "Regular d/a"
        ),
        Contained("names that differ in dots", t => t.File("a", "1").File("./a", "2").File("/a", "3"), "Regular a"),
        Contained("an empty directory, then a file", t => t.Directory("d").File("d", "x"), "Regular d"),
        Refused(
            "a directory with content, then a file",
            LayerRefusal.DirectoryReplaced,
            t => t.Directory("d").File("d/a", "x").File("d", "x")
        ),
        Refused(
            "a directory with content, then a link",
            LayerRefusal.DirectoryReplaced,
            (t, canary) => t.Directory("d").File("d/a", "x").Link("d", canary)
        ),
        // Bombs; the test's limits are 4 MiB, 3,000 files and 6 MB of directories' paths
        Refused("more bytes than allowed", LayerRefusal.TooManyBytes, t => t.File("a", new byte[5 << 20])),
        Refused(
            "more files than allowed",
            LayerRefusal.TooManyEntries,
            t => Repeat(t, 3001, (tar, i) => tar.HardLink($"{i}", "f"))
        ),
        Refused(
            "more implied directories than allowed",
            LayerRefusal.TooManyEntries,
            t => t.Pax(("path", "a/" + Deep(1600))).File("x").Pax(("path", "b/" + Deep(1600))).File("x")
        ),
        Refused(
            "more paths of directories than memory allows",
            LayerRefusal.TooManyEntries,
            t => Repeat(t, 600, (tar, _) => tar.Pax(("path", Deep(2000))).Directory("x"))
        ),
    ];

    /// <summary>The layer makes the directories that its path implies, or more: only the canary is looked at.</summary>
    private static string[] Implied => [];

    private static string Deep(int levels) => string.Join('/', Enumerable.Repeat("d", levels));

    private static TarBuilder Record(TarBuilder tar, string record) =>
        tar.Extended((byte)'x', Encoding.ASCII.GetBytes(record)).File("a");

    private static TarBuilder Repeat(TarBuilder tar, int times, Func<TarBuilder, int, TarBuilder> entry)
    {
        tar.File("f", "x");
        for (var i = 0; i < times; i++)
            entry(tar, i);
        return tar;
    }

    private static HostileLayer Contained(string name, Func<TarBuilder, TarBuilder> make, params string[] contains) =>
        Contained(name, (tar, _) => make(tar), contains);

    private static HostileLayer Contained(
        string name,
        Func<TarBuilder, string, TarBuilder> make,
        params string[] contains
    ) => new(name, null, canary => make(new TarBuilder(), canary).Build(), contains);

    private static HostileLayer Refused(string name, LayerRefusal code, Func<TarBuilder, TarBuilder> make) =>
        Refused(name, code, (tar, _) => make(tar));

    private static HostileLayer Refused(string name, LayerRefusal code, Func<TarBuilder, string, TarBuilder> make) =>
        new(name, code, canary => make(new TarBuilder(), canary).Build(), []);

    private static HostileLayer RefusedBytes(string name, LayerRefusal code, Func<TarBuilder, byte[]> make) =>
        new(name, code, _ => make(new TarBuilder()), []);
}
