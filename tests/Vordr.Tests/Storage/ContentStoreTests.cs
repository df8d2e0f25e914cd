using System.Text;
using Oci;
using Oci.Errors;
using Oci.Image;
using Vordr.Storage;

namespace Vordr.Tests.Storage;

public sealed class ContentStoreTests : IDisposable
{
    private static readonly byte[] Content = Encoding.UTF8.GetBytes("a blob");
    private readonly TestDirectory _directory = new();
    private readonly ContentStore _store;

    public ContentStoreTests() => _store = new ContentStore(_directory["state"], keepFree: 0);

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("a blog", "its digest is")]
    [InlineData("a blo", "it has 5 bytes")]
    [InlineData("a blob and more", "it has more than the 6 bytes")]
    [InlineData("", "it has 0 bytes")]
    public async Task Blob_that_is_not_what_was_announced_leaves_nothing(string written, string fact)
    {
        var write = async () =>
        {
            await using var writer = _store.OpenWrite(Announced(Content));
            await writer.Stream.WriteAsync(Encoding.UTF8.GetBytes(written));
            await writer.CommitAsync(default);
        };

        var refused = (await write.Should().ThrowAsync<PublicError>()).Which;

        refused.Id.Should().Be(ErrorId.DigestMismatch);
        refused.Message.Should().Contain(fact);
        Files().Should().BeEmpty();
    }

    [Fact]
    public async Task Blob_whose_writer_is_disposed_or_cancelled_leaves_nothing()
    {
        await using (var writer = _store.OpenWrite(Announced(Content)))
            await writer.Stream.WriteAsync(Content);
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        var commit = async () =>
        {
            await using var writer = _store.OpenWrite(Announced(Content));
            await writer.Stream.WriteAsync(Content);
            await writer.CommitAsync(cancelled.Token);
        };

        await commit.Should().ThrowAsync<OperationCanceledException>();

        Files().Should().BeEmpty();
    }

    [Fact]
    public void Blob_larger_than_the_disk_is_refused_before_a_byte_is_written()
    {
        var open = () => _store.OpenWrite(Announced(Content) with { Size = long.MaxValue });

        open.Should().Throw<PublicError>().Which.Id.Should().Be(ErrorId.NoSpace);
        Files().Should().BeEmpty();
    }

    [Fact]
    public async Task Blob_is_visible_when_committed_and_not_before()
    {
        await using var writer = _store.OpenWrite(Announced(Content));
        await writer.Stream.WriteAsync(Content.AsMemory(0, 3));
        await writer.Stream.WriteAsync(Content.AsMemory(3));
        _store.Has(Digest.Of(Content)).Should().BeFalse();

        await writer.CommitAsync(default);

        _store.SizeOf(Digest.Of(Content)).Should().Be(Content.Length);
        (await _store.ReadAsync(Digest.Of(Content), 100, default)).Should().Equal(Content);
        _store.List().Should().Equal(Digest.Of(Content));
        await using var stream = _store.OpenRead(Digest.Of(Content));
        stream.CanSeek.Should().BeTrue();
    }

    [Fact]
    public async Task Blob_stored_twice_at_once_is_there_once()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _store.PutAsync(Content, default)));

        Files().Should().Equal($"blobs/sha256/{Digest.Of(Content).Hex}");
    }

    [Fact]
    public async Task Blob_that_the_disk_changed_is_not_handed_out()
    {
        var digest = await _store.PutAsync(Content, default);
        await File.WriteAllTextAsync(_directory[$"state/blobs/sha256/{digest.Hex}"], "a blog");

        var read = () => _store.ReadAsync(digest, 100, default);

        (await read.Should().ThrowAsync<PublicError>()).Which.Id.Should().Be(ErrorId.StateCorrupt);
    }

    [Fact]
    public async Task Blob_that_is_absent_or_too_large_says_so()
    {
        var digest = await _store.PutAsync(Content, default);
        var absent = () => _store.OpenRead(Digest.Of("other"u8));
        var large = () => _store.ReadAsync(digest, 5, default);

        absent.Should().Throw<PublicError>().Which.Id.Should().Be(ErrorId.NotFound);
        (await large.Should().ThrowAsync<PublicError>()).Which.Id.Should().Be(ErrorId.TooLarge);
        _store.Remove(digest);
        _store.Remove(digest);
        _store.Has(digest).Should().BeFalse();
    }

    [Fact]
    public async Task Evidence_is_stored_whole_and_damage_is_replaced()
    {
        var bundle = Digest.Of("bundle"u8);
        await _store.PutEvidenceAsync(bundle, Evidence("one"), default);
        await _store.PutEvidenceAsync(bundle, Evidence("one"), default);
        await File.WriteAllTextAsync(_directory[$"state/bundles/{bundle.Hex}/{EvidenceFiles.Index}"], "damaged");

        await _store.PutEvidenceAsync(bundle, Evidence("one"), default);

        (await _store.ReadEvidenceAsync(bundle, EvidenceFiles.Index, default)).Should().Equal("one"u8.ToArray());
        (await _store.ReadEvidenceAsync(bundle, EvidenceFiles.Summary, default)).Should().BeNull();
        (await _store.ReadEvidenceAsync(Digest.Of("x"u8), EvidenceFiles.Index, default)).Should().BeNull();
        _store.ListEvidence().Should().Equal(bundle);
        _store.RemoveEvidence(bundle);
        _store.RemoveEvidence(bundle);
        Files().Should().BeEmpty();
    }

    [Fact]
    public async Task Evidence_under_a_name_that_is_a_path_is_refused()
    {
        var files = new Dictionary<string, ReadOnlyMemory<byte>> { ["../../escaped"] = Content };

        var put = () => _store.PutEvidenceAsync(Digest.Of("bundle"u8), files, default);

        await put.Should().ThrowAsync<ArgumentException>();
        Files().Should().BeEmpty();
        File.Exists(_directory["escaped"]).Should().BeFalse();
    }

    private static Dictionary<string, ReadOnlyMemory<byte>> Evidence(string content) =>
        new()
        {
            [EvidenceFiles.Index] = Encoding.UTF8.GetBytes(content),
            [EvidenceFiles.Attestations] = Encoding.UTF8.GetBytes("[]"),
        };

    private static Descriptor Announced(byte[] content) =>
        new()
        {
            MediaType = "text/plain",
            Digest = Digest.Of(content),
            Size = content.Length,
        };

    private IEnumerable<string> Files() =>
        Directory
            .EnumerateFiles(_directory["state"], "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(_directory["state"], path));
}
