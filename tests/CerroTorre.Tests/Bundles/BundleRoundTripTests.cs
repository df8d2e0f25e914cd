using System.Formats.Tar;
using CerroTorre.Bundles;
using CerroTorre.Sources;
using CerroTorre.Tests.Stage;
using CsCheck;
using Oci;
using Oci.Errors;
using Oci.Image;

namespace CerroTorre.Tests.Bundles;

/// <summary>What is written is what is read; anything else is refused and never crashes.</summary>
public sealed class BundleRoundTripTests
{
    private static readonly Gen<byte[][]> s_layers = Gen.Byte.Array[0, 3000].Array[1, 6];

    [Fact]
    public async Task Reader_gives_back_what_the_writer_was_given()
    {
        await s_layers.SampleAsync(
            async contents =>
            {
                var small = await BundleOf(contents);
                var bundle = await small.ToBytesAsync();
                await using var stream = new ForwardOnlyStream(bundle);
                using var reader = new BundleReader(stream);

                var head = await reader.ReadHeadAsync(CancellationToken.None);
                head.PackageManifest.Should().BeEquivalentTo(small.Package);
                head.Root.Should().Be(small.Tree.Root);
                head.Layers.Should().Equal(small.Tree.Layers);
                head.SummaryBytes.ToArray().Should().Equal(head.Summary.ToBytes());
                stream.BytesRead.Should().Be((int)head.LayersOffset, "nothing of a layer is read before the verdict");
                foreach (var layer in reader.Layers)
                {
                    var sink = new MemoryStream();
                    await reader.ReadLayerAsync(layer, sink, CancellationToken.None);
                    sink.ToArray().Should().Equal(small.Layers[layer.Digest]);
                }
                (await reader.FinishAsync(CancellationToken.None)).Should().Be(Digest.Of(bundle));
            },
            iter: 60
        );
    }

    [Fact]
    public async Task Writer_gives_the_same_bytes_twice()
    {
        var once = await (await SmallBundle.CreateAsync()).ToBytesAsync();
        var again = await (await SmallBundle.CreateAsync()).ToBytesAsync();
        again.Should().Equal(once);
    }

    [Fact]
    public async Task Framework_tar_reader_lists_the_same_entries()
    {
        var bundle = await (await SmallBundle.CreateAsync()).ToBytesAsync();
        await using var tar = new TarReader(new MemoryStream(bundle));
        var names = new List<string>();
        while (await tar.GetNextEntryAsync() is { } entry)
        {
            names.Add(entry.Name);
            entry.EntryType.Should().Be(TarEntryType.RegularFile);
            ((int)entry.Mode).Should().Be(0x1a4);
        }
        names.Should().Equal(Entries.Of(bundle).Names);
    }

    [Fact]
    public async Task Reader_of_mutated_bytes_refuses_with_a_public_error_only()
    {
        var bundle = await (await SmallBundle.CreateAsync()).ToBytesAsync();
        var mutation = Gen.Select(Gen.Int[0, bundle.Length - 1], Gen.Byte, Gen.Int[0, 4], Gen.Int[0, 2000]);
        await mutation
            .Array[1, 8]
            .SampleAsync(
                async mutations =>
                {
                    var changed = mutations.Aggregate((byte[])bundle.Clone(), Mutate);
                    await using var stream = new ForwardOnlyStream(changed);
                    using var reader = new BundleReader(stream);
                    try
                    {
                        await reader.ReadHeadAsync(CancellationToken.None);
                        await reader.VerifyRestAsync(CancellationToken.None);
                        (await SmallBundle.JudgeAsync(changed))
                            .Code.Should()
                            .Match(code => code != null || changed.SequenceEqual(bundle));
                    }
                    catch (PublicError error)
                    {
                        error.Verdict.Should().NotBeNull();
                    }
                },
                iter: 3000
            );
    }

    [Fact]
    public async Task Layer_out_of_turn_is_the_callers_bug()
    {
        var small = await SmallBundle.CreateAsync();
        await using var stream = new ForwardOnlyStream(await small.ToBytesAsync());
        using var reader = new BundleReader(stream);
        await reader.ReadHeadAsync(CancellationToken.None);

        var finish = () => reader.FinishAsync(CancellationToken.None);
        await finish.Should().ThrowAsync<InvalidOperationException>();
        var read = () => reader.ReadLayerAsync(small.Tree.Root, Stream.Null, CancellationToken.None);
        await read.Should().ThrowAsync<InvalidOperationException>();
    }

    private static byte[] Mutate(byte[] bytes, (int Position, byte Value, int Kind, int Length) mutation)
    {
        var position = Math.Min(mutation.Position, Math.Max(bytes.Length - 1, 0));
        var rest = Math.Min(mutation.Length, bytes.Length - position);
        return mutation.Kind switch
        {
            _ when bytes.Length == 0 => bytes,
            0 => [.. bytes[..position], mutation.Value, .. bytes[(position + 1)..]],
            1 => bytes[..position],
            2 => [.. bytes[..position], .. bytes[(position + rest)..]],
            3 => [.. bytes[..position], .. bytes[position..(position + rest)], .. bytes[position..]],
            _ => [.. bytes[..position], .. Enumerable.Repeat(mutation.Value, rest), .. bytes[(position + rest)..]],
        };
    }

    private static Task<SmallBundle> BundleOf(byte[][] contents)
    {
        var layers = contents.Select(content => SmallBundle.DescriptorOf(content, MediaTypes.LayerTar)).ToList();
        var config = MadeImage.ConfigOf(
            new Platform("amd64", "linux"),
            SmallBundle.Time,
            new ExecutionConfig(),
            layers[0].Digest
        );
        var json = System.Text.Json.Nodes.JsonNode.Parse(config)!;
        json["rootfs"]!["diff_ids"] = new System.Text.Json.Nodes.JsonArray([
            .. layers.Select(l => (System.Text.Json.Nodes.JsonNode)l.Digest.ToString()),
        ]);
        return SmallBundle.OfAsync(
            MadeImage.Of(System.Text.Encoding.UTF8.GetBytes(json.ToJsonString()), layers),
            contents.DistinctBy(c => Digest.Of(c)).ToDictionary(c => Digest.Of(c)),
            "1.0",
            key: null
        );
    }
}
