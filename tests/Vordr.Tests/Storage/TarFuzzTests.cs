using CsCheck;
using Oci.Errors;
using Vordr.Linux;
using Vordr.Storage;

namespace Vordr.Tests.Storage;

public sealed class TarFuzzTests : IDisposable
{
    private static readonly ExtractionLimits Limits = new()
    {
        Bytes = 1 << 20,
        Entries = 500,
        KeepFree = 0,
    };

    private static readonly byte[] Whole = new TarBuilder()
        .Directory("d")
        .File("d/a", "content")
        .Link("l", "d")
        .HardLink("h", "d/a")
        .Pax(("path", "l/long"), ("mtime", "1.5"), ("SCHILY.xattr.user.x", "y"))
        .File("x", "more")
        .LongName("gnu")
        .Device("n", TarBuilder.CharacterDevice, 1, 3)
        .Whiteout("d/.wh.gone")
        .Build();

    private readonly TestDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Layer_with_bytes_changed_anywhere_is_unpacked_or_refused_but_never_escapes_or_breaks_us()
    {
        // Checksums are put right again, so that the change reaches what lies behind them.
        var change = Gen.Select(Gen.Int[0, Whole.Length - 1], Gen.Byte, Gen.Bool);
        var count = 0;
        _directory.New("root");
        var outside = Tree.Describe(_directory.Path);

        change
            .Array[1, 4]
            .Sample(
                changes =>
                {
                    var tar = Whole.ToArray();
                    foreach (var (position, value, reseal) in changes)
                    {
                        tar[position] = value;
                        if (reseal && IsHeader(position / 512))
                            Reseal(tar, position / 512 * 512);
                    }
                    var name = $"layer-{Interlocked.Increment(ref count)}";
                    try
                    {
                        LayerExtractor.Extract(
                            new MemoryStream(tar),
                            _directory.New($"root/{name}"),
                            [],
                            Limits,
                            default
                        );
                    }
                    catch (PublicError refused) when (refused.Id == ErrorId.BundleMalformed) { }
                    FileTree.Remove(_directory[$"root/{name}"]);
                },
                iter: 3000,
                threads: 1
            );

        Tree.Describe(_directory.Path).Should().Be(outside);
    }

    private static bool IsHeader(int block) => Whole.AsSpan(block * 512 + 257, 5).SequenceEqual("ustar"u8);

    private static void Reseal(byte[] tar, int start)
    {
        var header = tar[start..(start + 512)];
        TarBuilder.Seal(header);
        header.CopyTo(tar, start);
    }
}
