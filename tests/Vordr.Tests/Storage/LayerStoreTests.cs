using System.IO.Compression;
using Oci;
using Oci.Errors;
using Vordr.Storage;
using ZstdSharp;

namespace Vordr.Tests.Storage;

public sealed class LayerStoreTests : IDisposable
{
    private static readonly byte[] Tar = new TarBuilder().File("a", "x").Build();
    private readonly TestDirectory _directory = new();
    private readonly ContentStore _content;
    private readonly LayerStore _layers;

    public LayerStoreTests()
    {
        _content = new ContentStore(_directory["state"], keepFree: 0);
        _layers = Open();
    }

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Layer_with_another_diff_id_is_refused_and_leaves_nothing()
    {
        var source = await SourceAsync(Tar, LayerCompression.None) with { DiffId = Digest.Of("another"u8) };

        (await RefusedAsync(source)).Should().Be((ErrorId.DigestMismatch, "DIFF_ID"));
    }

    [Theory]
    [InlineData(LayerCompression.Gzip)]
    [InlineData(LayerCompression.Zstd)]
    public async Task Layer_whose_compressed_stream_is_damaged_is_refused_and_leaves_nothing(LayerCompression how)
    {
        var whole = Compress(Tar, how);
        byte[][] damaged =
        [
            whole[..(whole.Length / 2)],
            [.. "no compression"u8],
            [.. whole[..20], (byte)(whole[20] ^ 0xff), .. whole[21..]],
            [],
        ];

        foreach (var blob in damaged)
        {
            var digest = await _content.PutAsync(blob, default);
            var (_, code) = await RefusedAsync(new LayerSource(digest, Digest.Of(Tar), how));
            code.Should().BeOneOf("COMPRESSION", "TRUNCATED", "DIFF_ID", "CHECKSUM", "HEADER_FIELD");
        }
    }

    [Fact]
    public async Task Zstd_blob_with_something_behind_its_stream_is_refused()
    {
        byte[] blob = [.. Compress(Tar, LayerCompression.Zstd), .. "hidden"u8];
        var digest = await _content.PutAsync(blob, default);

        (await RefusedAsync(new LayerSource(digest, Digest.Of(Tar), LayerCompression.Zstd)))
            .Should()
            .Be((ErrorId.BundleMalformed, "COMPRESSION"));
    }

    [Fact]
    public async Task Gzip_blob_with_something_behind_its_stream_unpacks_to_what_the_diff_id_proves()
    {
        byte[] blob = [.. Compress(Tar, LayerCompression.Gzip), .. "hidden"u8];
        var digest = await _content.PutAsync(blob, default);

        var layers = await _layers.EnsureAllAsync(
            [new LayerSource(digest, Digest.Of(Tar), LayerCompression.Gzip)],
            default
        );

        Tree.Names(layers[0].Directory).Should().Equal("Directory .", "Regular a");
    }

    [Theory]
    [InlineData(LayerCompression.Gzip)]
    [InlineData(LayerCompression.Zstd)]
    public async Task Compression_bomb_stops_at_the_limit_of_bytes(LayerCompression how)
    {
        var bomb = Compress(new TarBuilder().File("zeros", new byte[64 << 20]).Build(), how);
        bomb.Length.Should().BeLessThan(200_000);
        var digest = await _content.PutAsync(bomb, default);
        var limited = Open(new ExtractionLimits { Bytes = 8 << 20, KeepFree = 0 });

        (await RefusedAsync(new LayerSource(digest, Digest.Of(Tar), how), limited))
            .Should()
            .Be((ErrorId.BundleMalformed, "TOO_MANY_BYTES"));
    }

    [Fact]
    public async Task Frame_that_demands_a_huge_window_is_refused()
    {
        // Magic, descriptor without single segment, window exponent 31 - 10: 2 GiB.
        var digest = await _content.PutAsync(new byte[] { 0x28, 0xb5, 0x2f, 0xfd, 0x00, 21 << 3, 1, 0, 0 }, default);

        (await RefusedAsync(new LayerSource(digest, Digest.Of(Tar), LayerCompression.Zstd)))
            .Should()
            .Be((ErrorId.BundleMalformed, "COMPRESSION"));
    }

    [Fact]
    public async Task Disk_below_what_is_kept_free_refuses_and_leaves_nothing()
    {
        var source = await SourceAsync(Tar, LayerCompression.None);

        (await RefusedAsync(source, Open(new ExtractionLimits { KeepFree = long.MaxValue / 2 })))
            .Id.Should()
            .Be(ErrorId.NoSpace);
    }

    [Fact]
    public async Task Cancelled_unpacking_leaves_nothing()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        var source = await SourceAsync(Tar, LayerCompression.None);

        var ensure = () => _layers.EnsureAllAsync([source], cancelled.Token);

        await ensure.Should().ThrowAsync<OperationCanceledException>();
        Leftovers().Should().BeEmpty();
    }

    [Theory]
    [InlineData(LayerCompression.None)]
    [InlineData(LayerCompression.Gzip)]
    [InlineData(LayerCompression.Zstd)]
    public async Task Layers_are_unpacked_under_their_chain_ids_with_aliases(LayerCompression how)
    {
        var second = new TarBuilder().File("b", "y").Build();
        var sources = new[] { await SourceAsync(Tar, how), await SourceAsync(second, how) };

        var layers = await _layers.EnsureAllAsync(sources, default);

        var chain = Digest.Of(System.Text.Encoding.ASCII.GetBytes($"{Digest.Of(Tar)} {Digest.Of(second)}"));
        layers.Select(layer => layer.ChainId).Should().Equal(Digest.Of(Tar), chain);
        layers.Should().OnlyContain(layer => layer.Alias.Length == 12);
        (await File.ReadAllTextAsync(_directory[$"state/l/{layers[1].Alias}/b"])).Should().Be("y");
        _layers.List().Should().BeEquivalentTo([Digest.Of(Tar), chain]);
        Directory.EnumerateFiles(_directory["run/locks"]).Should().BeEmpty("nobody holds a lock");
    }

    [Fact]
    public async Task Members_of_one_gzip_stream_are_one_tar()
    {
        byte[] blob = [.. Compress(Tar[..700], LayerCompression.Gzip), .. Compress(Tar[700..], LayerCompression.Gzip)];
        var digest = await _content.PutAsync(blob, default);

        var layers = await _layers.EnsureAllAsync(
            [new LayerSource(digest, Digest.Of(Tar), LayerCompression.Gzip)],
            default
        );

        (await File.ReadAllTextAsync(layers[0].Directory + "/a")).Should().Be("x");
    }

    [Fact]
    public async Task Layer_wanted_by_many_at_once_is_unpacked_once()
    {
        var source = await SourceAsync(Tar, LayerCompression.Gzip);
        var stores = Enumerable.Range(0, 8).Select(_ => Open()).ToList();

        var all = await Task.WhenAll(stores.Select(store => store.EnsureAllAsync([source], default)));

        all.Select(layers => layers[0]).Distinct().Should().ContainSingle();
        Directory.EnumerateFileSystemEntries(_directory["state/tmp"]).Should().BeEmpty();
    }

    [Fact]
    public async Task Alias_that_another_layer_has_is_not_taken_for_ours()
    {
        var source = await SourceAsync(Tar, LayerCompression.None);
        var taken = Digest.Of(Tar).Hex[..12];
        File.CreateSymbolicLink(_directory[$"state/l/{taken}"], "../layers/somebody-else");

        var layer = (await _layers.EnsureAllAsync([source], default))[0];

        layer.Alias.Should().Be(Digest.Of(Tar).Hex[12..24]);
        (await File.ReadAllTextAsync(_directory[$"state/l/{layer.Alias}/a"])).Should().Be("x");
    }

    [Fact]
    public async Task Layer_killed_between_rename_and_alias_gets_its_alias_at_next_use()
    {
        var source = await SourceAsync(Tar, LayerCompression.None);
        var layer = (await _layers.EnsureAllAsync([source], default))[0];
        File.Delete(_directory[$"state/l/{layer.Alias}"]);

        (await _layers.EnsureAllAsync([source], default)).Should().Equal(layer);

        File.Exists(_directory[$"state/l/{layer.Alias}/a"]).Should().BeTrue();
    }

    [Fact]
    public async Task Removed_layer_is_gone_with_its_alias_and_may_be_removed_again()
    {
        var source = await SourceAsync(Tar, LayerCompression.None);
        var layer = (await _layers.EnsureAllAsync([source], default))[0];

        await _layers.RemoveAsync(layer.ChainId, default);
        await _layers.RemoveAsync(layer.ChainId, default);

        _layers.Find(layer.ChainId).Should().BeNull();
        Leftovers().Should().BeEmpty();
    }

    private LayerStore Open(ExtractionLimits? limits = null) =>
        new(_directory["state"], _directory["run"], _content, limits ?? new ExtractionLimits { KeepFree = 0 });

    private async Task<LayerSource> SourceAsync(byte[] tar, LayerCompression how) =>
        new(await _content.PutAsync(Compress(tar, how), default), Digest.Of(tar), how);

    private async Task<(ErrorId Id, string Code)> RefusedAsync(LayerSource source, LayerStore? layers = null)
    {
        var ensure = () => (layers ?? _layers).EnsureAllAsync([source], default);
        var refused = (await ensure.Should().ThrowAsync<PublicError>()).Which;
        Leftovers().Should().BeEmpty();
        return (refused.Id, refused.Message.Split('(', ')') is [_, var code, ..] ? code : "");
    }

    private IEnumerable<string> Leftovers() =>
        new[] { "state/tmp", "state/layers", "state/l", "run/locks" }.SelectMany(directory =>
            Directory.EnumerateFileSystemEntries(_directory[directory])
        );

    private static byte[] Compress(byte[] content, LayerCompression how)
    {
        var compressed = new MemoryStream();
        using (
            Stream stream = how switch
            {
                LayerCompression.Gzip => new GZipStream(compressed, CompressionLevel.Optimal, leaveOpen: true),
                LayerCompression.Zstd => new CompressionStream(compressed, leaveOpen: true),
                _ => compressed,
            }
        )
            stream.Write(content);
        return compressed.ToArray();
    }
}
