using System.Text;
using Trust.Dsse;
using Trust.Keys;

namespace Trust.Tests.Dsse;

public sealed class EnvelopeTests
{
    // The example of the DSSE specification, protocol.md.
    [Fact]
    public void Pae_example_of_the_specification_is_encoded_as_there() =>
        Encoding
            .UTF8.GetString(Pae.Encode("http://example.com/HelloWorld", "hello world"u8))
            .Should()
            .Be("DSSEv1 29 http://example.com/HelloWorld 11 hello world");

    [Fact]
    public void Pae_lengths_are_of_bytes_not_of_characters() =>
        Encoding.UTF8.GetString(Pae.Encode("é", "☃"u8)).Should().Be("DSSEv1 2 é 3 ☃");

    [Fact]
    public void Pae_moving_a_byte_from_type_to_payload_changes_it() =>
        Pae.Encode("a b", "c"u8).Should().NotEqual(Pae.Encode("a", "b c"u8));

    [Fact]
    public void Envelope_without_or_with_too_many_signatures_is_refused()
    {
        EnvelopeSignature one = new(Case.Releaser.Id, new byte[64]);
        var none = () => new Envelope("t", "p"u8.ToArray(), []);
        var three = () => new Envelope("t", "p"u8.ToArray(), [one, one, one]);
        none.Should().Throw<FormatException>();
        three.Should().Throw<FormatException>();
    }

    [Fact]
    public void Envelope_of_two_signers_is_refused()
    {
        var two = () =>
            new Envelope(
                "t",
                "p"u8.ToArray(),
                [new(Case.Releaser.Id, new byte[64]), new(Case.Stranger.Id, new byte[64])]
            );
        two.Should().Throw<FormatException>().WithMessage("*one signer*");
    }

    [Fact]
    public void IsSignedBy_half_of_a_hybrid_signature_never_counts_alone()
    {
        var good = Case.Release();
        var doubled = new Envelope(good.PayloadType, good.Payload, [good.Signatures[0], good.Signatures[0]]);
        good.IsSignedBy(Case.Releaser.PublicKey).Should().BeTrue();
        doubled.IsSignedBy(Case.Releaser.PublicKey).Should().BeFalse();
    }

    [Fact]
    public void IsSignedBy_type_payload_and_signature_are_all_covered()
    {
        var good = Case.Release();
        PublicKey key = Case.Releaser.PublicKey;
        new Envelope("application/other", good.Payload, good.Signatures).IsSignedBy(key).Should().BeFalse();
        Case.Over(good, Case.ReleasePayload(version: "9")).IsSignedBy(key).Should().BeFalse();
        Case.Damaged(good).IsSignedBy(key).Should().BeFalse();
        good.IsSignedBy(Case.Stranger.PublicKey).Should().BeFalse();
        new Envelope(good.PayloadType, good.Payload, [new(Case.Stranger.Id, good.Signatures[0].Signature)])
            .IsSignedBy(key)
            .Should()
            .BeFalse("it says that another key signed");
    }

    [Fact]
    public void Digest_names_the_canonical_form()
    {
        var envelope = Case.Release();
        Oci.Json.CanonicalJson.IsCanonical(envelope.ToBytes()).Should().BeTrue();
        envelope.Digest.Should().Be(Oci.Digest.Of(envelope.ToBytes()));
    }
}
