using Trust.Policies;
using Trust.Verdicts;

namespace Trust.Tests.Verdicts;

/// <summary>Wrong evidence refuses in every mode; missing evidence passes in permissive; rules only in audit.</summary>
public sealed class ModesTests
{
    private const string Permissive = "{\"version\":1,\"mode\":\"permissive\"}";
    private const string Audit = "{\"version\":1,\"mode\":\"audit\"}";
    private const string PermissiveBlocked =
        "{\"version\":1,\"mode\":\"permissive\",\"images\":{\"blocked\":[\"**\"]}}";
    private const string AuditBlocked = "{\"version\":1,\"mode\":\"audit\",\"images\":{\"blocked\":[\"**\"]}}";

    public static TheoryData<string, string> Wrong()
    {
        var data = new TheoryData<string, string>();
        foreach (var mode in new[] { Permissive, Audit })
        {
            foreach (var spoil in s_wrong.Keys)
                data.Add(mode, spoil);
        }
        return data;
    }

    private static readonly Dictionary<string, (Case Case, string Code)> s_wrong = new(StringComparer.Ordinal)
    {
        ["root"] = (new Case().Releasing(Case.Release(root: Case.DigestOf("other"))), VerdictCode.SubjectMismatch),
        ["manifest"] = (new Case { PackageManifest = Case.DigestOf("x") }, VerdictCode.SubjectMismatch),
        ["signature"] = (new Case().Releasing(Case.Damaged(Case.Release())), VerdictCode.InvalidSignature),
        ["signature without a release"] = (
            new Case { Envelopes = [Case.Damaged(Case.Sbom())] },
            VerdictCode.InvalidSignature
        ),
        ["revoked"] = (
            new Case { Store = Case.Trusting().Revoke(Case.Releaser.Id, Case.Before) },
            VerdictCode.RevokedKey
        ),
        ["suite and revoked"] = (
            new Case { Store = Case.Trusting().Revoke(Case.Releaser.Id, Case.Before) }.Releasing(
                Case.Release(suite: "CT-SIG-99")
            ),
            VerdictCode.RevokedKey
        ),
        // Missing evidence in one release doesn't hide that another is wrong.
        ["another root beside a stranger's"] = (
            new Case().Releasing(Case.Release(root: Case.DigestOf("other")), Case.Release(Case.Stranger)),
            VerdictCode.SubjectMismatch
        ),
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Judge_wrong_evidence_is_refused_in_every_mode(string mode, string spoil)
    {
        var (subject, code) = s_wrong[spoil];
        var verdict = subject.Under(mode).Judge();
        verdict.Allowed.Should().BeFalse();
        verdict.Code.Should().Be(code, verdict.Summary);
        verdict.Checks.Should().Contain(c => c.Code == code && c.Outcome == CheckOutcome.Failed);
    }

    [Theory]
    [InlineData(Permissive)]
    [InlineData(Audit)]
    public void Judge_missing_evidence_passes_unverified_and_says_what_strict_would(string mode)
    {
        var unsigned = new Case { Envelopes = [] }
            .Under(mode)
            .Judge();
        unsigned.Allowed.Should().BeTrue();
        unsigned.Code.Should().BeNull();
        unsigned.Unverified.Should().BeTrue();
        unsigned.StrictAllows.Should().BeFalse();
        unsigned.StrictCode.Should().Be(VerdictCode.MissingAttestation);
        unsigned.ExitCode.Should().Be(0);
        unsigned.Checks.Should().Contain(c => c.Name == "release" && c.Outcome == CheckOutcome.Failed);

        var stranger = new Case().Releasing(Case.Release(Case.Stranger)).Under(mode).Judge();
        stranger.Allowed.Should().BeTrue();
        stranger.StrictCode.Should().Be(VerdictCode.UnknownKey);
        stranger.Releases.Single().Accepted.Should().BeFalse();
    }

    [Fact]
    public void Judge_rule_refuses_in_permissive_and_passes_in_audit()
    {
        var permissive = new Case { Envelopes = [] }
            .Under(PermissiveBlocked)
            .Judge();
        permissive.Allowed.Should().BeFalse();
        permissive.Code.Should().Be(VerdictCode.PolicyDenied);
        permissive.StrictCode.Should().Be(VerdictCode.MissingAttestation);

        var audit = new Case().Under(AuditBlocked).Judge();
        audit.Allowed.Should().BeTrue();
        audit.Unverified.Should().BeTrue();
        audit.StrictCode.Should().Be(VerdictCode.PolicyDenied);
    }

    [Fact]
    public void Judge_good_bundle_is_verified_in_every_mode()
    {
        foreach (var mode in new[] { Permissive, Audit })
        {
            var verdict = new Case().Under(mode).Judge();
            verdict.Allowed.Should().BeTrue();
            verdict.Unverified.Should().BeFalse();
            verdict.StrictAllows.Should().BeTrue();
        }
    }

    [Fact]
    public void Judge_two_releases_of_which_one_is_good_is_allowed_and_the_other_is_listed()
    {
        var verdict = new Case()
            .Releasing(
                Case.Release(root: Case.DigestOf("other")),
                Case.Release(),
                Case.Release(Case.Stranger, suite: "CT-SIG-99")
            )
            .Judge();
        verdict.Allowed.Should().BeTrue(verdict.Summary);
        verdict
            .Releases.Select(r => (r.Accepted, r.Code))
            .Should()
            .Equal((false, VerdictCode.SubjectMismatch), (true, null), (false, VerdictCode.SuiteNotAllowed));
    }

    [Fact]
    public void Judge_what_two_releases_have_together_is_no_release()
    {
        // One has the right subjects and a stranger's signature; the other a releaser's, about something else.
        var verdict = new Case()
            .Releasing(Case.Release(Case.Stranger), Case.Release(root: Case.DigestOf("other")))
            .Judge();
        verdict.Allowed.Should().BeFalse();
        verdict.Code.Should().Be(VerdictCode.UnknownKey);
        verdict.Releases.Should().OnlyContain(r => !r.Accepted);
    }

    [Fact]
    public void WithRun_violation_refuses_an_allowed_bundle_except_in_audit()
    {
        RuleViolation[] violations = [new("run.privileged", "asked for")];
        var denied = new Case().Judge().WithRun(violations);
        denied.Allowed.Should().BeFalse();
        denied.Code.Should().Be(VerdictCode.PolicyDenied);
        denied.Summary.Should().Contain("run.privileged");
        denied.Checks.Single(c => c.Outcome == CheckOutcome.Failed).Name.Should().Be("rules");
        denied.StrictAllows.Should().BeFalse();

        var permissive = new Case().Under(Permissive).Judge().WithRun(violations);
        permissive.Allowed.Should().BeFalse();

        var audit = new Case().Under(Audit).Judge().WithRun(violations);
        audit.Allowed.Should().BeTrue();
        audit.Unverified.Should().BeTrue();
        audit.StrictCode.Should().Be(VerdictCode.PolicyDenied);
    }

    [Fact]
    public void WithRun_earlier_refusal_stays_the_one_that_decided()
    {
        var refused = new Case { Envelopes = [] }.Judge();
        var both = refused.WithRun([new("run.privileged", "asked for")]);
        both.Code.Should().Be(VerdictCode.MissingAttestation);
        both.Checks.Should().BeEquivalentTo(refused.Checks);
        new Case().Judge().WithRun([]).Allowed.Should().BeTrue();
    }
}
