using System.Text;
using Oci.Errors;
using Trust.Verdicts;

namespace Trust.Tests.Verdicts;

public sealed class VerdictTests
{
    [Fact]
    public void Malformed_no_check_after_the_structure_is_reached()
    {
        var verdict = Verdict.Malformed(VerdictCode.DigestMismatch, "blob sha256:0 has other bytes");
        verdict.Allowed.Should().BeFalse();
        verdict.ExitCode.Should().Be(1);
        verdict.Checks[0].Should().BeEquivalentTo(new { Name = "structure", Code = VerdictCode.DigestMismatch });
        verdict.Checks.Skip(1).Should().OnlyContain(c => c.Outcome == CheckOutcome.NotReached);
        verdict.ToError().Id.Should().Be(ErrorId.DigestMismatch);
        Verdict.Malformed(VerdictCode.MalformedBundle, "x").ToError().Id.Should().Be(ErrorId.BundleMalformed);
    }

    [Fact]
    public void ToError_carries_the_verdict_and_what_to_do()
    {
        var error = new Case { Envelopes = [] }
            .Judge()
            .ToError();
        error.Id.Should().Be(ErrorId.PolicyDenied);
        error.Suggestions.Should().NotBeEmpty().And.HaveCountLessThanOrEqualTo(3);
        error.Verdict!["code"]!.GetValue<string>().Should().Be(VerdictCode.MissingAttestation);
        error.Verdict["checks"]![2]!["outcome"]!.GetValue<string>().Should().Be("failed");
        var allowed = () => new Case().Judge().ToError();
        allowed.Should().Throw<InvalidOperationException>();
    }

    [Fact]
    public void ToJson_reads_back_as_the_same_verdict()
    {
        foreach (
            var subject in new[]
            {
                new Case(),
                new Case { Envelopes = [] },
                new Case().With(Case.Release(Case.Stranger)),
            }
        )
        {
            var verdict = subject.Judge();
            var json = verdict.ToJson().ToJsonString();
            Verdict.Parse(Encoding.UTF8.GetBytes(json)).Should().BeEquivalentTo(verdict);
        }
        var parse = () => Verdict.Parse("{}"u8.ToArray());
        parse.Should().Throw<FormatException>();
    }

    [Fact]
    public void Render_refusal_says_what_failed_the_facts_why_and_what_to_do()
    {
        var store = Case.Trusting();
        var text = VerdictText.Render(
            new Case { Store = store }
                .Releasing(Case.Damaged(Case.Release()))
                .Judge(),
            "app.ctp"
        );
        text.Should()
            .Be(
                $"""
                ✗ Signature invalid: release of acme/web 1.4.2

                    bundle   app.ctp
                    image    {Case.Root}
                    signer   {Case.Releaser.Id.Short} (release@example.org)
                    suite    CT-SIG-01 (Ed25519)
                    reason   the signature of {Case.Releaser.Id.Short} (release@example.org) on the release does not verify

                  The signature does not match the signed statement: the bundle was changed after it was signed, or
                  signed with another key.

                  → ct explain app.ctp
                  → ask the publisher for a fresh bundle

                """
            );
    }

    [Fact]
    public void Render_allowed_and_unverified_bundles_say_so()
    {
        VerdictText.Render(new Case().Judge(), "app.ctp").Should().StartWith("✓ Verified: release of acme/web 1.4.2\n");
        var unverified = new Case { Envelopes = [] }
            .Under("{\"version\":1,\"mode\":\"permissive\"}")
            .Judge();
        VerdictText
            .Render(unverified, "app.ctp")
            .Should()
            .StartWith("! Allowed unverified, since the policy is permissive: acme/web 1.4.2\n")
            .And.Contain("would refuse: MISSING_ATTESTATION");
    }

    [Fact]
    public void RenderChecks_lists_every_check_with_its_outcome()
    {
        var lines = VerdictText.RenderChecks(new Case { Envelopes = [] }.Judge()).TrimEnd('\n').Split('\n');
        lines.Should().HaveCount(10);
        lines[0].Should().StartWith("  ✓ structure");
        lines[2].Should().StartWith("  ✗ release    MISSING_ATTESTATION: ");
        lines[9].Should().Be("  · rules      not reached");
    }

    [Fact]
    public void Render_foreign_text_can_t_forge_a_line()
    {
        var text = VerdictText.Render(new Case { Envelopes = [] }.Judge(), "a\u001b[2K\r✓ Verified\u202e.ctp");
        text.Should().NotContain("\u001b").And.NotContain("\r").And.NotContain("\u202e");
        text.Should().Contain("\\u{1b}").And.Contain("\\u{202e}");
    }

    [Theory]
    [InlineData(null, "")]
    [InlineData("web 1.4.2 – grün 🎉", "web 1.4.2 – grün 🎉")]
    [InlineData("a\nb", "a\\u{a}b")]
    [InlineData("a\u200bb", "a\\u{200b}b")]
    [InlineData("a\u2028b", "a\\u{2028}b")]
    [InlineData("a\U000E0041b", "a\\u{e0041}b")]
    [InlineData("\ue000", "\\u{e000}")]
    public void Escape_what_hides_or_reorders_is_shown_as_its_number(string? text, string escaped) =>
        ForeignText.Escape(text).Should().Be(escaped);

    [Fact]
    public void Escape_half_of_a_surrogate_pair_doesn_t_derail_it() =>
        ForeignText.Escape("a\ud800\nb").Should().Be("a\\u{d800}\\u{a}b");

    // bundle.md, "Exit codes of ct verify".
    [Fact]
    public void ExitCodes_are_the_table_of_the_format()
    {
        var expected = new Dictionary<string, int>(StringComparer.Ordinal)
        {
            ["MALFORMED_BUNDLE"] = 10,
            ["DIGEST_MISMATCH"] = 1,
            ["SUBJECT_MISMATCH"] = 1,
            ["MISSING_ATTESTATION"] = 5,
            ["INSUFFICIENT_LOG_COVERAGE"] = 5,
            ["INVALID_SIGNATURE"] = 2,
            ["LOG_PROOF_INVALID"] = 2,
            ["UNKNOWN_KEY"] = 3,
            ["EXPIRED_KEY"] = 3,
            ["KEY_NOT_YET_VALID"] = 3,
            ["REVOKED_KEY"] = 3,
            ["WRONG_ROLE"] = 3,
            ["SIGNER_NOT_ALLOWED"] = 3,
            ["SUITE_NOT_ALLOWED"] = 4,
            ["THRESHOLD_NOT_MET"] = 4,
            ["POLICY_DENIED"] = 4,
        };
        VerdictCode.All.ToDictionary(c => c.Name, c => c.ExitCode).Should().BeEquivalentTo(expected);
        (VerdictCode.Verified, VerdictCode.InputOutput, VerdictCode.Network, VerdictCode.Usage)
            .Should()
            .Be((0, 11, 12, 64));
        VerdictCode.All.Should().OnlyContain(c => c.Next.Count >= 1 && c.Next.Count <= 3);
        var find = () => VerdictCode.Find("NONE");
        find.Should().Throw<ArgumentException>();
    }
}
