using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Oci.Json;
using Trust.Attestations;
using Trust.Dsse;

namespace Trust.Tests.Attestations;

public sealed class AttestationSetTests
{
    private static readonly byte[] s_good = Case.SetOf(Case.Release(), Case.Sbom()).ToBytes();

    [Theory]
    [InlineData("{\"attestations\":", "{ \"attestations\":")]
    [InlineData("{\"attestations\":", "{\"Attestations\":")]
    [InlineData("\"logEntries\":[],", "")]
    [InlineData("\"logEntries\":[]", "\"extra\":1,\"logEntries\":[]")]
    [InlineData("attestations.v1+json", "attestations.v2+json")]
    [InlineData("application/vnd.in-toto+json", "application/json")]
    [InlineData("\"keyid\":\"sha256:", "\"keyid\":\"sha512:")]
    [InlineData("\"payloadType\":", "\"PayloadType\":")]
    public void Parse_set_of_another_shape_is_refused(string good, string bad)
    {
        var text = Encoding.UTF8.GetString(s_good);
        text.Should().Contain(good);
        Refused(Encoding.UTF8.GetBytes(text.Replace(good, bad, StringComparison.Ordinal)));
    }

    [Fact]
    public void Parse_base64_that_decodes_to_the_same_bytes_is_refused()
    {
        var text = Encoding.UTF8.GetString(s_good);
        var start = text.IndexOf("\"sig\":\"", StringComparison.Ordinal) + 7;
        var signature = text.Substring(start, text.IndexOf('"', start) - start);
        signature.Should().EndWith("==");
        // The last digit holds four bits that decode to nothing; without padding it decodes leniently; so does a newline.
        foreach (var other in new[] { NextDigit(signature), signature[..^2], signature + "\\n", " " + signature })
            Refused(Encoding.UTF8.GetBytes(text.Replace(signature, other, StringComparison.Ordinal)));
    }

    [Fact]
    public void Parse_members_in_another_order_are_refused()
    {
        var node = JsonNode.Parse(s_good)!.AsObject();
        var reordered = new JsonObject(node.Reverse().Select(m => KeyValuePair.Create(m.Key, m.Value?.DeepClone())));
        Refused(Encoding.UTF8.GetBytes(reordered.ToJsonString()));
    }

    [Fact]
    public void Parse_same_envelope_twice_is_refused()
    {
        var node = JsonNode.Parse(s_good)!;
        node["attestations"]!.AsArray().Add(node["attestations"]![0]!.DeepClone());
        Refused(CanonicalJson.Write(node), "*an envelope stands twice*");
    }

    [Fact]
    public void Parse_two_signers_in_one_envelope_are_refused()
    {
        var node = JsonNode.Parse(s_good)!;
        node["attestations"]![0]!["signatures"]!
            .AsArray()
            .Add(node["attestations"]![1]!["signatures"]![0]!.DeepClone());
        Refused(CanonicalJson.Write(node), "*one signer*");
    }

    [Theory]
    [InlineData("payload")]
    [InlineData("payloadType")]
    [InlineData("signatures")]
    public void Parse_envelope_that_lacks_a_part_is_refused(string part)
    {
        var node = JsonNode.Parse(s_good)!;
        node["attestations"]![0]!.AsObject().Remove(part);
        Refused(CanonicalJson.Write(node), "*neither an envelope*");
    }

    [Fact]
    public void Parse_envelope_that_is_a_sigstore_bundle_too_is_refused()
    {
        var node = JsonNode.Parse(s_good)!;
        node["attestations"]![0]!["sigstoreBundle"] = "AAAA";
        Refused(CanonicalJson.Write(node), "*neither an envelope*");
    }

    [Fact]
    public void Parse_payload_that_is_no_statement_is_refused()
    {
        var node = JsonNode.Parse(s_good)!;
        node["attestations"]![0]!["payload"] = Convert.ToBase64String("{}"u8);
        Refused(CanonicalJson.Write(node), "*in-toto statement*");
    }

    [Fact]
    public void Parse_release_that_says_more_is_refused_whoever_signed_it()
    {
        var payload = JsonNode.Parse(Case.ReleasePayload())!;
        payload["predicate"]!["approved"] = true;
        var node = JsonNode.Parse(s_good)!;
        node["attestations"]![0]!["payload"] = Convert.ToBase64String(CanonicalJson.Write(payload));
        Refused(CanonicalJson.Write(node), "*release statement*");
    }

    [Fact]
    public void Parse_payload_beyond_the_limit_is_refused()
    {
        var envelope = new Envelope(
            Envelope.InTotoPayloadType,
            new byte[AttestationSet.MaxPayloadBytes + 1],
            [new(Case.Releaser.Id, new byte[64])]
        );
        var add = () => AttestationSet.Empty.Add(envelope);
        add.Should().Throw<FormatException>().WithMessage("*longer than*");
    }

    [Fact]
    public void Parse_document_beyond_the_limit_is_refused_unread() =>
        Refused(new byte[AttestationSet.MaxBytes + 1], "*longer than*");

    [Theory]
    [InlineData(
        "envelope",
        "\"sha256:0000000000000000000000000000000000000000000000000000000000000000\"",
        "*none of this set"
    )]
    [InlineData("logIndex", "-1", "*lacks*")]
    [InlineData("logId", "\"\"", "*lacks*")]
    [InlineData("checkpoint", "\"\"", "*lacks*")]
    [InlineData("integratedTime", "\"2026-11-23T00:00:00.5Z\"", "*/integratedTime*")]
    [InlineData("integratedTime", "\"2026-11-23T00:00:00+00:00\"", "*/integratedTime*")]
    [InlineData("hashes", "null", "*/hashes*")]
    public void Parse_log_entry_of_another_shape_is_refused(string member, string value, string message)
    {
        var node = WithLogEntry();
        node["logEntries"]![0]![member] = JsonNode.Parse(value);
        Refused(CanonicalJson.Write(node), message);
    }

    [Fact]
    public void Parse_log_entries_and_sigstore_bundles_are_kept_byte_for_byte()
    {
        var node = WithLogEntry();
        node["attestations"]!
            .AsArray()
            .Add((JsonNode)new JsonObject { ["sigstoreBundle"] = Convert.ToBase64String("{ }"u8) });
        var bytes = CanonicalJson.Write(node);
        var set = AttestationSet.Parse(bytes);
        set.ToBytes().Should().Equal(bytes);
        set.LogEntries.Should().ContainSingle().Which.LogId.Should().Be("log.example.org/a");
        set.SigstoreBundles.Should().ContainSingle();
        var grown = set.Add(Case.Provenance());
        grown.LogEntries.Should().HaveCount(1);
        AttestationSet.Parse(grown.ToBytes()).Envelopes.Should().HaveCount(3);
    }

    [Fact]
    public void Add_same_envelope_again_changes_nothing()
    {
        var set = AttestationSet.Parse(s_good);
        set.Add(Case.Release()).Should().BeSameAs(set);
    }

    [Fact]
    public void Parse_written_set_reads_back_as_it_was()
    {
        var set = AttestationSet.Parse(s_good);
        set.ToBytes().Should().Equal(s_good);
        set.Envelopes.Select(e => e.KeyId).Should().Equal(Case.Releaser.Id, Case.Builder.Id);
        set.Releases.Should().ContainSingle().Which.Value.Package.Should().Be("acme/web:1.4.2");
        AttestationSet.Parse(AttestationSet.Empty.ToBytes()).Envelopes.Should().BeEmpty();
    }

    [Fact]
    public void Parse_any_byte_changed_is_refused_or_another_set() =>
        Gen.Select(Gen.Int[0, s_good.Length - 1], Gen.Byte)
            .Where((index, value) => s_good[index] != value)
            .Sample(
                (index, value) =>
                {
                    byte[] changed = [.. s_good];
                    changed[index] = value;
                    try
                    {
                        AttestationSet.Parse(changed).ToBytes().Should().Equal(changed);
                    }
                    catch (FormatException)
                    {
                        // refused
                    }
                }
            );

    private static JsonNode WithLogEntry()
    {
        var node = JsonNode.Parse(s_good)!;
        node["logEntries"]!
            .AsArray()
            .Add(
                (JsonNode)
                    new JsonObject
                    {
                        ["checkpoint"] = "log.example.org/a\n1\nAAAA\n",
                        ["envelope"] = Case.Release().Digest.ToString(),
                        ["hashes"] = new JsonArray("AAAA"),
                        ["integratedTime"] = "2026-11-23T00:00:00Z",
                        ["logId"] = "log.example.org/a",
                        ["logIndex"] = 12,
                    }
            );
        return node;
    }

    private static string NextDigit(string signature) => signature[..^3] + (char)(signature[^3] + 1) + "==";

    private static void Refused(byte[] bytes, string message = "attestations.json: *")
    {
        var parse = () => AttestationSet.Parse(bytes);
        parse.Should().Throw<FormatException>().WithMessage(message);
    }
}
