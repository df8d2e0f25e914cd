using System.Text;
using System.Text.Json.Nodes;
using CerroTorre.Bundles;
using CerroTorre.Tests.Stage;
using Oci;
using Oci.Errors;
using Oci.Json;
using Oci.Layout;

namespace CerroTorre.Tests.Bundles;

/// <summary>Each rule of the archive's one byte form, broken once; each break has its own name.</summary>
public sealed class MalformedBundleTests
{
    [Theory]
    [InlineData("an entry that is not in the table", BundleFault.UnexpectedEntry)]
    [InlineData("an entry behind the last blob", BundleFault.UnexpectedEntry)]
    [InlineData("an entry twice", BundleFault.UnexpectedEntry)]
    [InlineData("a blob twice", BundleFault.UnexpectedEntry)]
    [InlineData("an unreferenced blob", BundleFault.UnexpectedEntry)]
    [InlineData("a path that climbs", BundleFault.UnexpectedEntry)]
    [InlineData("entries in another order", BundleFault.UnexpectedEntry)]
    [InlineData("no attestations", BundleFault.UnexpectedEntry)]
    [InlineData("no layer", BundleFault.UnexpectedEntry)]
    [InlineData("something else first", BundleFault.NotABundle)]
    [InlineData("gzip around it", BundleFault.NotABundle)]
    [InlineData("nothing", BundleFault.Truncated)]
    [InlineData("a header that lies small", BundleFault.SizeMismatch)]
    [InlineData("a header that lies large", BundleFault.SizeMismatch)]
    [InlineData("another mode", BundleFault.HeaderMismatch)]
    [InlineData("a base-256 size", BundleFault.HeaderMismatch)]
    [InlineData("padding that holds something", BundleFault.PaddingNotZero)]
    [InlineData("an end block that holds something", BundleFault.PaddingNotZero)]
    [InlineData("a byte behind the end", BundleFault.TrailingBytes)]
    [InlineData("a block behind the end", BundleFault.TrailingBytes)]
    [InlineData("one end block", BundleFault.Truncated)]
    [InlineData("a summary of 1 MiB and a byte", BundleFault.SummaryTooLarge)]
    [InlineData("a package manifest of 1 MiB and a byte", BundleFault.PackageManifestTooLarge)]
    [InlineData("an index of 64 KiB and a byte", BundleFault.IndexTooLarge)]
    [InlineData("attestations of 64 MiB and a byte", BundleFault.AttestationsTooLarge)]
    [InlineData("a summary that says more", BundleFault.SummaryMismatch)]
    [InlineData("a summary with a blank", BundleFault.SummaryMismatch)]
    [InlineData("a package manifest with a member more", BundleFault.PackageManifestMalformed)]
    [InlineData("another layout marker", BundleFault.LayoutMarkerMalformed)]
    [InlineData("two roots", BundleFault.IndexMalformed)]
    [InlineData("an index with a blank", BundleFault.IndexMalformed)]
    [InlineData("a reference of another name", BundleFault.IndexMalformed)]
    [InlineData("a root of 4 MiB and a byte", BundleFault.DocumentTooLarge)]
    [InlineData("attestations with a blank", BundleFault.AttestationsMalformed)]
    public async Task Bundle_with_is_refused_by_name(string change, BundleFault fault)
    {
        var small = await SmallBundle.CreateAsync();
        var bundle = Broken(change, small, await small.ToBytesAsync());

        var error = await RefusalOfAsync(bundle);

        error.Message.Should().Contain($"({BundleFaults.NameOf(fault)})");
        error.Verdict.Should().NotBeNull();
    }

    [Fact]
    public async Task Index_json_with_a_duplicate_member_is_refused()
    {
        var small = await SmallBundle.CreateAsync();
        var entries = Entries.Of(await small.ToBytesAsync());
        var text = Encoding.UTF8.GetString(entries[OciLayout.IndexName]);
        var doubled = text.Replace(
            "\"schemaVersion\":2",
            "\"schemaVersion\":2,\"schemaVersion\":2",
            StringComparison.Ordinal
        );

        var error = await RefusalOfAsync(
            entries.Replace(OciLayout.IndexName, Encoding.UTF8.GetBytes(doubled)).ToBytes()
        );

        error.Message.Should().Contain("index-malformed");
    }

    private static byte[] Broken(string change, SmallBundle small, byte[] bundle)
    {
        var entries = Entries.Of(bundle);
        var layer = OciLayout.BlobPath(small.Tree.Layers.Single().Digest);
        var end = bundle.Length - 1024;
        return change switch
        {
            "an entry that is not in the table" => entries.Insert(2, "README", [1]).ToBytes(),
            "an entry behind the last blob" => entries.Append("README", [1]).ToBytes(),
            "an entry twice" => entries.Insert(1, "summary.json", entries["summary.json"]).ToBytes(),
            "a blob twice" => entries.Append(layer, entries[layer]).ToBytes(),
            "an unreferenced blob" => entries.Append(OciLayout.BlobPath(Digest.Of([1])), [1]).ToBytes(),
            "a path that climbs" => entries.Append("../../etc/cron.d/x", [1]).ToBytes(),
            "entries in another order" => entries.Swap(1, 2).ToBytes(),
            "no attestations" => entries.Remove("attestations.json").ToBytes(),
            "no layer" => entries.Remove(layer).ToBytes(),
            "something else first" => entries.Insert(0, "README", [1]).ToBytes(),
            "gzip around it" => [0x1f, 0x8b, .. new byte[600]],
            "nothing" => [],
            "a header that lies small" => entries
                .ReplaceHeader(layer, UstarHeader.Build(layer, entries[layer].Length - 1))
                .ToBytes(),
            "a header that lies large" => entries
                .ReplaceHeader(layer, UstarHeader.Build(layer, entries[layer].Length + 1))
                .ToBytes(),
            "another mode" => entries
                .ReplaceHeader(layer, Changed(UstarHeader.Build(layer, entries[layer].Length), 105, (byte)'5'))
                .ToBytes(),
            "a base-256 size" => entries
                .ReplaceHeader(layer, Changed(UstarHeader.Build(layer, entries[layer].Length), 124, 0x80))
                .ToBytes(),
            "padding that holds something" => Changed(bundle, end - 1, 1),
            "an end block that holds something" => Changed(bundle, bundle.Length - 1, 1),
            "a byte behind the end" => [.. bundle, 0],
            "a block behind the end" => [.. bundle, .. new byte[512]],
            "one end block" => bundle[..^512],
            "a summary of 1 MiB and a byte" => entries
                .Replace("summary.json", new byte[BundleLimits.Summary + 1])
                .ToBytes(),
            "a package manifest of 1 MiB and a byte" => entries
                .Replace("manifest.toml", new byte[BundleLimits.PackageManifestSize + 1])
                .ToBytes(),
            "an index of 64 KiB and a byte" => entries
                .Replace("index.json", new byte[BundleLimits.Index + 1])
                .ToBytes(),
            "attestations of 64 MiB and a byte" => entries
                .ReplaceHeader(
                    "attestations.json",
                    UstarHeader.Build("attestations.json", BundleLimits.Attestations + 1)
                )
                .ToBytes(),
            "a summary that says more" => entries
                .Replace("summary.json", Json(entries["summary.json"], json => json["trusted"] = true))
                .ToBytes(),
            "a summary with a blank" => entries
                .Replace("summary.json", [.. entries["summary.json"], (byte)' '])
                .ToBytes(),
            "a package manifest with a member more" => entries
                .Replace("manifest.toml", [.. "trusted = true\n"u8, .. entries["manifest.toml"]])
                .ToBytes(),
            "another layout marker" => entries
                .Replace("oci-layout", [.. "{\"imageLayoutVersion\":\"1.0.1\"}"u8])
                .ToBytes(),
            "two roots" => entries
                .Replace(
                    "index.json",
                    Json(
                        entries["index.json"],
                        json => json["manifests"]!.AsArray().Add(json["manifests"]![0]!.DeepClone())
                    )
                )
                .ToBytes(),
            "an index with a blank" => entries.Replace("index.json", [.. entries["index.json"], (byte)' ']).ToBytes(),
            "a reference of another name" => entries
                .Replace("index.json", BundleIndex.Build(small.Tree.Root, "evil:1.0"))
                .ToBytes(),
            "a root of 4 MiB and a byte" => entries
                .Replace(
                    "index.json",
                    BundleIndex.Build(small.Tree.Root with { Size = BundleLimits.Document + 1 }, "web:1.0")
                )
                .ToBytes(),
            "attestations with a blank" => entries
                .Replace("attestations.json", [.. entries["attestations.json"], (byte)' '])
                .ToBytes(),
            _ => throw new InvalidOperationException(change),
        };
    }

    private static byte[] Changed(byte[] bytes, int position, byte value)
    {
        bytes[position] = value;
        return bytes;
    }

    private static byte[] Json(byte[] json, Action<JsonObject> change)
    {
        var parsed = JsonNode.Parse(json)!.AsObject();
        change(parsed);
        return CanonicalJson.Write(parsed);
    }

    private static async Task<PublicError> RefusalOfAsync(byte[] bundle)
    {
        await using var stream = new ForwardOnlyStream(bundle);
        using var reader = new BundleReader(stream);
        var read = async () =>
        {
            await reader.ReadHeadAsync(CancellationToken.None);
            await reader.VerifyRestAsync(CancellationToken.None);
        };
        return (await read.Should().ThrowAsync<PublicError>()).Which;
    }
}
