using System.Text;
using CerroTorre.Tests.Stage;
using Oci.Layout;
using Trust.Attestations;
using Trust.Dsse;
using Trust.Verdicts;

namespace CerroTorre.Tests.Bundles;

/// <summary>What an attacker can do to a bundle, with all its signers trusted: nothing that isn't refused.</summary>
public sealed class TamperedBundleTests
{
    [Fact]
    public async Task Every_byte_when_changed_is_refused()
    {
        var bundle = await (await SmallBundle.CreateAsync()).ToBytesAsync();
        bundle.Length.Should().BeLessThanOrEqualTo(32 * 1024);
        (await SmallBundle.JudgeAsync(bundle)).Code.Should().BeNull();

        await Parallel.ForAsync(
            0,
            bundle.Length,
            async (position, _) =>
            {
                var changed = (byte[])bundle.Clone();
                changed[position] ^= (byte)(1 << (position % 8));
                (await SmallBundle.JudgeAsync(changed)).Code.Should().NotBeNull("byte {0} was changed", position);
            }
        );
    }

    [Fact]
    public async Task Every_block_where_the_file_is_cut_is_refused_as_malformed()
    {
        var bundle = await (await SmallBundle.CreateAsync()).ToBytesAsync();
        for (var length = 0; length < bundle.Length; length += 256)
            await ShouldBeAsync(bundle[..length], VerdictCode.MalformedBundle, "truncated");
    }

    [Fact]
    public async Task Bundle_without_a_signature_is_refused_for_the_missing_release()
    {
        var signed = await SmallBundle.CreateAsync();
        await ShouldBeAsync(
            await signed.With(AttestationSet.Empty).ToBytesAsync(),
            VerdictCode.MissingAttestation,
            "release"
        );
    }

    [Fact]
    public async Task Bundle_signed_by_a_stranger_is_refused_for_the_unknown_key() =>
        await ShouldBeAsync(
            await (await SmallBundle.CreateAsync(key: SmallBundle.Stranger)).ToBytesAsync(),
            VerdictCode.UnknownKey
        );

    [Fact]
    public async Task Attestations_of_another_bundle_are_refused_as_a_subject_mismatch()
    {
        var ours = await SmallBundle.CreateAsync();
        var other = await SmallBundle.CreateAsync("another page");
        await ShouldBeAsync(await ours.With(other.Attestations).ToBytesAsync(), VerdictCode.SubjectMismatch);
    }

    [Fact]
    public async Task Attestations_of_another_version_are_refused_as_a_subject_mismatch()
    {
        var ours = await SmallBundle.CreateAsync();
        var newer = await SmallBundle.CreateAsync(version: "2.0");
        await ShouldBeAsync(await ours.With(newer.Attestations).ToBytesAsync(), VerdictCode.SubjectMismatch);
    }

    [Fact]
    public async Task Image_of_another_bundle_under_this_manifest_is_refused_as_a_subject_mismatch()
    {
        var ours = await SmallBundle.CreateAsync();
        var other = await SmallBundle.CreateAsync("another page");
        var mixed = new SmallBundle
        {
            Tree = other.Tree,
            Layers = other.Layers,
            Package = ours.Package,
            Attestations = ours.Attestations,
        };
        await ShouldBeAsync(await mixed.ToBytesAsync(), VerdictCode.SubjectMismatch, "root-mismatch");
    }

    [Fact]
    public async Task Another_valid_layer_in_place_of_the_signed_one_is_refused()
    {
        var ours = await SmallBundle.CreateAsync();
        var other = await SmallBundle.CreateAsync("hullo");
        var layer = other.Tree.Layers.Single();
        var entries = Entries.Of(await ours.ToBytesAsync());
        entries.Remove(OciLayout.BlobPath(ours.Tree.Layers.Single().Digest));
        entries.Append(OciLayout.BlobPath(layer.Digest), other.Layers[layer.Digest]);
        await ShouldBeAsync(entries.ToBytes(), VerdictCode.MalformedBundle, "unexpected-entry");
    }

    [Fact]
    public async Task Other_bytes_under_the_signed_layers_name_are_a_digest_mismatch()
    {
        var ours = await SmallBundle.CreateAsync();
        var name = OciLayout.BlobPath(ours.Tree.Layers.Single().Digest);
        var entries = Entries.Of(await ours.ToBytesAsync());
        var content = (byte[])entries[name].Clone();
        content[^1] ^= 1;
        await ShouldBeAsync(entries.Replace(name, content).ToBytes(), VerdictCode.DigestMismatch, "digest-mismatch");
    }

    [Fact]
    public async Task Changed_config_is_a_digest_mismatch_before_a_layer_is_read()
    {
        var ours = await SmallBundle.CreateAsync();
        var name = OciLayout.BlobPath(ours.Tree.Images[0].Manifest.Config.Digest);
        var entries = Entries.Of(await ours.ToBytesAsync());
        var content = Encoding.UTF8.GetBytes(
            Encoding.UTF8.GetString(entries[name]).Replace("/bin/true", "/bin/evil", StringComparison.Ordinal)
        );
        await ShouldBeAsync(entries.Replace(name, content).ToBytes(), VerdictCode.DigestMismatch);
    }

    [Fact]
    public async Task Two_release_payloads_of_which_one_is_bad_are_told_apart()
    {
        var ours = await SmallBundle.CreateAsync();
        var other = await SmallBundle.CreateAsync("another page");
        var foreign = other.Attestations.Envelopes.Single(e =>
            other.Attestations.StatementOf(e).PredicateType == PredicateTypes.Release
        );
        var both = ours.With(ours.Attestations.Add(foreign));

        (await SmallBundle.JudgeAsync(await both.ToBytesAsync())).Code.Should().BeNull("one release is good by itself");
        var onlyBad = AttestationSet.Empty;
        foreach (var envelope in both.Attestations.Envelopes.Where(e => !IsRelease(ours.Attestations, e)))
            onlyBad = onlyBad.Add(envelope);
        await ShouldBeAsync(await ours.With(onlyBad).ToBytesAsync(), VerdictCode.SubjectMismatch);
    }

    [Fact]
    public async Task Signature_swapped_between_envelopes_is_invalid()
    {
        var ours = await SmallBundle.CreateAsync();
        var envelopes = ours.Attestations.Envelopes;
        var set = AttestationSet.Empty;
        for (var i = 0; i < envelopes.Count; i++)
        {
            var signature = envelopes[(i + 1) % envelopes.Count].Signatures;
            set = set.Add(new Envelope(envelopes[i].PayloadType, envelopes[i].Payload, signature));
        }
        await ShouldBeAsync(await ours.With(set).ToBytesAsync(), VerdictCode.InvalidSignature);
    }

    private static bool IsRelease(AttestationSet set, Envelope envelope) =>
        set.Statements.TryGetValue(envelope.PayloadDigest, out var statement)
        && statement.PredicateType == PredicateTypes.Release;

    private static async Task ShouldBeAsync(byte[] bundle, string code, string? words = null)
    {
        var (found, summary) = await SmallBundle.JudgeAsync(bundle);
        found.Should().Be(code, "{0}", summary);
        if (words is not null)
            summary.Should().Contain(words);
    }
}
