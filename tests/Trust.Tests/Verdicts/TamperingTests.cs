using CsCheck;
using Trust.Attestations;
using Trust.Policies;
using Trust.Verdicts;

namespace Trust.Tests.Verdicts;

/// <summary>An attestation set whose signers are all trusted, changed in any place, is refused.</summary>
public sealed class TamperingTests
{
    [Fact]
    public void Judge_each_byte_of_the_set_changed_in_turn_is_refused()
    {
        var good = new Case();
        var bytes = good.Evidence.Attestations.ToBytes();
        for (var i = 0; i < bytes.Length; i++)
        {
            byte[] changed = [.. bytes];
            changed[i] ^= 1;
            IsRefused(good, changed).Should().BeTrue($"byte {i} was changed");
        }
    }

    [Fact]
    public void Judge_any_bytes_changed_are_refused()
    {
        var good = new Case();
        var bytes = good.Evidence.Attestations.ToBytes();
        Gen.Select(Gen.Int[0, bytes.Length - 1], Gen.Byte)
            .Array[1, 3]
            .Where(changes => changes.Any(c => bytes[c.Item1] != c.Item2))
            .Sample(changes =>
            {
                byte[] changed = [.. bytes];
                foreach (var (index, value) in changes)
                    changed[index] = value;
                return changed.AsSpan().SequenceEqual(bytes) || IsRefused(good, changed);
            });
    }

    [Fact]
    public void Judge_unsigned_copy_of_a_bundle_that_was_just_allowed_is_refused()
    {
        var good = new Case();
        good.Judge().Allowed.Should().BeTrue();
        (good with { Envelopes = [] }).Judge().Code.Should().Be(VerdictCode.MissingAttestation);
        good.Judge().Allowed.Should().BeTrue("the verdict depends on nothing but its arguments");
    }

    [Fact]
    public void Judge_envelopes_of_another_bundle_are_refused()
    {
        var other = new[]
        {
            Case.Release(name: "acme/other", root: Case.DigestOf("b"), manifest: Case.DigestOf("m")),
            Case.Provenance(null, Case.DigestOf("b")),
            Case.Sbom(null, Case.DigestOf("b")),
        };
        (new Case { Envelopes = other }).Judge().Code.Should().Be(VerdictCode.SubjectMismatch);
    }

    private static bool IsRefused(Case good, byte[] attestations)
    {
        try
        {
            var evidence = good.Evidence with { Attestations = AttestationSet.Parse(attestations) };
            return !VerifyBundle.Judge(evidence, good.Store, Policy.Strict, good.At).Allowed;
        }
        catch (FormatException)
        {
            return true;
        }
    }
}
