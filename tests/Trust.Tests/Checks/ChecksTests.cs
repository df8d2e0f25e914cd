using Trust.Attestations;
using Trust.Dsse;
using Trust.Stores;
using Trust.Verdicts;

namespace Trust.Tests.Checks;

/// <summary>Each check refuses what it is for, and is the one that decides.</summary>
public sealed class ChecksTests
{
    [Fact]
    public void Judge_good_bundle_is_allowed_by_the_built_in_policy()
    {
        var verdict = new Case().Judge();
        verdict.Allowed.Should().BeTrue(verdict.Summary);
        verdict.Code.Should().BeNull();
        verdict.ExitCode.Should().Be(0);
        verdict.Unverified.Should().BeFalse();
        verdict.StrictAllows.Should().BeTrue();
        verdict.Checks.Should().OnlyContain(c => c.Outcome == CheckOutcome.Passed);
        verdict.Releases.Should().ContainSingle().Which.Accepted.Should().BeTrue();
        verdict.Summary.Should().Contain("acme/web:1.4.2").And.Contain("release@example.org");
    }

    [Fact]
    public void Structure_more_unknown_signatures_than_the_limit_are_refused()
    {
        var strangers = Enumerable.Range(0, 65).Select(i => Case.Release(Case.KeyOf((byte)(100 + i)))).ToList();
        new Case().With(strangers[..64]).Judge().Allowed.Should().BeTrue();
        new Case().With(strangers[..64]).Judge().NotJudged.Should().HaveCount(64);
        Refused(new Case().With(strangers), "structure", VerdictCode.MalformedBundle);
    }

    [Fact]
    public void Subjects_release_of_another_root_is_refused() =>
        Refused(
            new Case().Releasing(Case.Release(root: Case.DigestOf("other"))),
            "subjects",
            VerdictCode.SubjectMismatch
        );

    [Fact]
    public void Subjects_release_of_another_package_manifest_is_refused() =>
        Refused(
            new Case().Releasing(Case.Release(manifest: Case.DigestOf("other"))),
            "subjects",
            VerdictCode.SubjectMismatch
        );

    [Theory]
    [InlineData("acme/other", "1.4.2")]
    [InlineData("acme/web", "1.4.3")]
    public void Subjects_release_of_another_name_or_version_is_refused(string name, string version) =>
        Refused(
            new Case().Releasing(Case.Release(name: name, version: version)),
            "subjects",
            VerdictCode.SubjectMismatch
        );

    [Fact]
    public void Subjects_release_without_a_package_manifest_to_compare_is_refused() =>
        Refused(new Case { PackageManifest = null }, "subjects", VerdictCode.SubjectMismatch);

    [Fact]
    public void Release_unsigned_bundle_is_refused()
    {
        var verdict = Refused(new Case { Envelopes = [] }, "release", VerdictCode.MissingAttestation);
        verdict
            .Checks.SkipWhile(c => c.Name != "suite")
            .Should()
            .OnlyContain(c => c.Outcome == CheckOutcome.NotReached);
        Refused(new Case().Releasing(), "release", VerdictCode.MissingAttestation);
    }

    [Theory]
    [InlineData(Suites.Hybrid)]
    [InlineData("CT-SIG-99")]
    [InlineData("")]
    public void Suite_that_the_policy_does_not_take_is_refused(string suite) =>
        Refused(new Case().Releasing(Case.Release(suite: suite)), "suite", VerdictCode.SuiteNotAllowed);

    [Fact]
    public void Signatures_damaged_signature_is_refused() =>
        Refused(new Case().Releasing(Case.Damaged(Case.Release())), "signatures", VerdictCode.InvalidSignature);

    [Fact]
    public void Signatures_envelope_moved_to_another_payload_is_refused()
    {
        var swapped = Case.Over(Case.Release(version: "1.4.1"), Case.ReleasePayload());
        Refused(new Case().Releasing(swapped), "signatures", VerdictCode.InvalidSignature);
    }

    [Fact]
    public void Signatures_bad_one_of_a_known_key_refuses_though_nothing_needs_it()
    {
        var review = Case.Stating(PredicateTypes.Review, Case.Builder);
        Refused(new Case().With(Case.Damaged(review)), "signatures", VerdictCode.InvalidSignature);
        Refused(new Case().With(Case.Damaged(Case.Release())), "signatures", VerdictCode.InvalidSignature);
    }

    [Fact]
    public void Signatures_half_of_a_hybrid_signature_counts_for_nothing()
    {
        var good = Case.Release();
        var doubled = new Envelope(good.PayloadType, good.Payload, [good.Signatures[0], good.Signatures[0]]);
        Refused(new Case().Releasing(doubled), "signatures", VerdictCode.InvalidSignature);
    }

    [Fact]
    public void Keys_signer_that_nobody_knows_is_refused()
    {
        var verdict = Refused(new Case().Releasing(Case.Release(Case.Stranger)), "keys", VerdictCode.UnknownKey);
        verdict.NotJudged.Should().ContainSingle().Which.Id.Should().Be(Case.Stranger.Id.ToString());
    }

    [Fact]
    public void Keys_stranger_who_names_himself_as_the_releaser_is_refused()
    {
        var forged = Case.Release(Case.Stranger);
        var claimed = new Envelope(
            forged.PayloadType,
            forged.Payload,
            [new(Case.Releaser.Id, forged.Signatures[0].Signature)]
        );
        Refused(new Case().Releasing(claimed), "signatures", VerdictCode.InvalidSignature);
    }

    [Fact]
    public void Keys_builder_can_t_release() =>
        Refused(new Case().Releasing(Case.Release(Case.Builder)), "keys", VerdictCode.WrongRole);

    [Fact]
    public void Keys_revoked_key_is_refused()
    {
        var revoked = Case.Trusting().Revoke(Case.Releaser.Id, Case.Now.AddDays(-1));
        Refused(new Case { Store = revoked }, "keys", VerdictCode.RevokedKey);
        var later = Case.Trusting().Revoke(Case.Releaser.Id, Case.Now.AddDays(1));
        new Case { Store = later }
            .Judge()
            .Allowed.Should()
            .BeTrue();
        Refused(new Case { Store = later, At = Case.Now.AddDays(1) }, "keys", VerdictCode.RevokedKey);
    }

    [Fact]
    public void Keys_outside_of_its_validity_is_refused()
    {
        var end = Case.Now.AddDays(1);
        var store = TrustStore
            .Create("test", Case.Before)
            .Add(Roles.Releasers, Case.Releaser.PublicKey, Case.Before, end)
            .Add(Roles.Builders, Case.Builder.PublicKey, Case.Before);
        new Case { Store = store }
            .Judge()
            .Allowed.Should()
            .BeTrue();
        Refused(new Case { Store = store, At = end }, "keys", VerdictCode.ExpiredKey);
        Refused(new Case { Store = store, At = Case.Before.AddSeconds(-1) }, "keys", VerdictCode.KeyNotYetValid);
        new Case { Store = store, At = end.AddSeconds(-1) }
            .Judge()
            .Allowed.Should()
            .BeTrue();
    }

    [Fact]
    public void Keys_of_a_store_that_expired_are_refused()
    {
        var text = System.Text.Encoding.UTF8.GetString(Case.Trusting().ToBytes());
        var store = TrustStore.Parse(
            System.Text.Encoding.UTF8.GetBytes(
                text.Replace("\"version\":", "\"expires\":\"2026-11-24T12:00:00Z\",\"version\":")
            )
        );
        Refused(new Case { Store = store }, "keys", VerdictCode.ExpiredKey);
        new Case { Store = store, At = Case.Now.AddSeconds(-1) }
            .Judge()
            .Allowed.Should()
            .BeTrue();
    }

    [Fact]
    public void Keys_empty_store_trusts_nobody() =>
        Refused(new Case { Store = TrustStore.Empty }, "keys", VerdictCode.UnknownKey);

    [Fact]
    public void Keys_revoked_signer_beside_a_good_one_does_not_stop_the_release()
    {
        var store = Case.Trusting()
            .Add(Roles.Releasers, Case.SecondReleaser.PublicKey, Case.Before)
            .Revoke(Case.SecondReleaser.Id, Case.Before);
        var verdict = (new Case { Store = store }).With(Case.Release(Case.SecondReleaser)).Judge();
        verdict.Allowed.Should().BeTrue();
        verdict.Releases.Single().Signers.Select(s => s.Code).Should().Equal(null, VerdictCode.RevokedKey);
    }

    [Fact]
    public void Signers_releaser_outside_of_the_allowed_signers_is_refused()
    {
        var policy = $"{{\"version\":1,\"allowedSigners\":[\"{Case.SecondReleaser.Id}\"]}}";
        Refused(new Case().Under(policy), "signers", VerdictCode.SignerNotAllowed);
        var store = Case.Trusting().Add(Roles.Releasers, Case.SecondReleaser.PublicKey, Case.Before);
        new Case { Store = store }
            .With(Case.Release(Case.SecondReleaser))
            .Under(policy)
            .Judge()
            .Allowed.Should()
            .BeTrue();
    }

    [Fact]
    public void Signers_allowed_signer_that_the_store_doesn_t_know_is_refused() =>
        Refused(
            new Case()
                .Releasing(Case.Release(Case.Stranger))
                .Under($"{{\"version\":1,\"allowedSigners\":[\"{Case.Stranger.Id}\"]}}"),
            "keys",
            VerdictCode.UnknownKey
        );

    [Theory]
    [InlineData("other/**")]
    [InlineData("acme")]
    [InlineData("web")] // a scope is held against the whole name
    [InlineData("acme/web:*")]
    public void Signers_key_outside_of_its_scope_is_refused_naming_it(string scope)
    {
        var verdict = Refused(new Case { Store = Scoped(scope) }, "signers", VerdictCode.SignerNotAllowed);
        verdict.Summary.Should().Contain(scope);
        new Case { Store = Scoped("acme/**") }
            .Judge()
            .Allowed.Should()
            .BeTrue();
    }

    [Fact]
    public void Signers_fewer_distinct_keys_than_the_threshold_are_refused()
    {
        var store = TwoOfTwo();
        Refused(new Case { Store = store }, "signers", VerdictCode.ThresholdNotMet);
        var both = new Case { Store = store }.With(Case.Release(Case.SecondReleaser));
        both.Judge().Allowed.Should().BeTrue(both.Judge().Summary);
        // A stranger doesn't fill the gap.
        Refused(new Case { Store = store }.With(Case.Release(Case.Stranger)), "signers", VerdictCode.ThresholdNotMet);
    }

    [Fact]
    public void Signers_threshold_is_never_met_by_two_payloads_together()
    {
        // The same release, said in other bytes: each payload has one signer, and two are demanded.
        byte[] spaced = [.. "{ "u8, .. Case.ReleasePayload().AsSpan(1)];
        var other = Envelope.SignStatement(spaced, Case.SecondReleaser);
        var verdict = Refused(new Case { Store = TwoOfTwo() }.With(other), "signers", VerdictCode.ThresholdNotMet);
        verdict.Releases.Should().HaveCount(2).And.OnlyContain(r => r.Code == VerdictCode.ThresholdNotMet);
    }

    [Fact]
    public void Signers_threshold_counts_members_only()
    {
        var store = TwoOfTwo().Add(Roles.Releasers, Case.Stranger.PublicKey, Case.Before);
        Refused(new Case { Store = store }.With(Case.Release(Case.Stranger)), "signers", VerdictCode.ThresholdNotMet);
    }

    [Fact]
    public void Signers_threshold_member_without_the_role_doesn_t_count()
    {
        var store = Case.Trusting().SetThreshold("release", 2, [Case.Releaser.Id, Case.Builder.Id], Case.Before);
        Refused(new Case { Store = store }.With(Case.Release(Case.Builder)), "signers", VerdictCode.ThresholdNotMet);
    }

    [Fact]
    public void Signers_threshold_that_the_store_doesn_t_have_is_refused() =>
        Refused(new Case().Under("{\"version\":1,\"threshold\":\"two\"}"), "signers", VerdictCode.ThresholdNotMet);

    [Fact]
    public void Signers_threshold_outside_of_its_scope_is_refused()
    {
        var store = Case.Trusting().SetThreshold("release", 1, [Case.Releaser.Id], Case.Before, "other/**");
        Refused(new Case { Store = store }, "signers", VerdictCode.SignerNotAllowed);
    }

    [Fact]
    public void Signers_file_without_signers_and_threshold_takes_any_releaser() =>
        new Case { Store = TwoOfTwo() }
            .Under("{\"version\":1}")
            .Judge()
            .Allowed.Should()
            .BeTrue();

    [Fact]
    public void Predicates_statement_that_is_missing_is_refused_by_its_name()
    {
        Refused(new Case { Envelopes = [Case.Release(), Case.Sbom()] }, "predicates", VerdictCode.MissingAttestation)
            .Summary.Should()
            .Contain("SLSA provenance");
        Refused(
            new Case { Envelopes = [Case.Release(), Case.Provenance()] },
            "predicates",
            VerdictCode.MissingAttestation
        )
            .Summary.Should()
            .Contain("SPDX SBOM");
    }

    [Fact]
    public void Predicates_statement_about_something_else_doesn_t_count() =>
        Refused(
            new Case { Envelopes = [Case.Release(), Case.Provenance(), Case.Sbom(null, Case.DigestOf("other"))] },
            "predicates",
            VerdictCode.MissingAttestation
        );

    [Fact]
    public void Predicates_statement_of_a_stranger_or_a_releaser_doesn_t_count()
    {
        foreach (var key in new[] { Case.Stranger, Case.Releaser })
        {
            Refused(
                new Case { Envelopes = [Case.Release(), Case.Provenance(key), Case.Sbom()] },
                "predicates",
                VerdictCode.MissingAttestation
            );
        }
    }

    [Fact]
    public void Predicates_statement_of_a_revoked_builder_is_wrong_in_every_mode()
    {
        var store = Case.Trusting().Revoke(Case.Builder.Id, Case.Before);
        Refused(new Case { Store = store }, "predicates", VerdictCode.RevokedKey);
        Refused(
            new Case { Store = store }.Under("{\"version\":1,\"mode\":\"audit\"}"),
            "predicates",
            VerdictCode.RevokedKey
        );
    }

    [Fact]
    public void Predicates_every_manifest_that_is_judged_must_be_covered()
    {
        var (one, two) = (Case.DigestOf("amd64"), Case.DigestOf("arm64"));
        var multi = new Case { Manifests = [one, two] };
        multi.Judge().Allowed.Should().BeTrue("a statement about the root covers all");
        var half = multi with { Envelopes = [Case.Release(), Case.Provenance(), Case.Sbom(null, one)] };
        Refused(half, "predicates", VerdictCode.MissingAttestation).Summary.Should().Contain(two.ToString());
        half.With(Case.Sbom(null, two)).Judge().Allowed.Should().BeTrue();
        (half with { Manifests = [one] }).Judge().Allowed.Should().BeTrue("only that platform runs");
    }

    [Fact]
    public void Predicates_unknown_type_can_be_required()
    {
        const string Policy = "{\"version\":1,\"requiredPredicates\":[\"https://example.org/scan\"]}";
        Refused(new Case().Under(Policy), "predicates", VerdictCode.MissingAttestation);
        new Case()
            .With(Case.Stating("https://example.org/scan", Case.Builder))
            .Under(Policy)
            .Judge()
            .Allowed.Should()
            .BeTrue();
    }

    [Fact]
    public void Predicates_review_needs_a_reviewer()
    {
        const string Policy = "{\"version\":1,\"requiredPredicates\":[\"https://verified-container.org/v1/review\"]}";
        var store = Case.Trusting().Add(Roles.Reviewers, Case.SecondReleaser.PublicKey, Case.Before);
        var reviewed = new Case { Store = store }.Under(Policy);
        Refused(
            reviewed.With(Case.Stating(PredicateTypes.Review, Case.Builder)),
            "predicates",
            VerdictCode.MissingAttestation
        );
        reviewed.With(Case.Stating(PredicateTypes.Review, Case.SecondReleaser)).Judge().Allowed.Should().BeTrue();
    }

    [Fact]
    public void Predicates_builder_outside_of_its_scope_doesn_t_count()
    {
        var store = TrustStore
            .Create("test", Case.Before)
            .Add(Roles.Releasers, Case.Releaser.PublicKey, Case.Before)
            .Add(Roles.Builders, Case.Builder.PublicKey, Case.Before, null, null, "other/**");
        Refused(new Case { Store = store }, "predicates", VerdictCode.MissingAttestation)
            .Summary.Should()
            .Contain(VerdictCode.SignerNotAllowed);
    }

    [Fact]
    public void Logs_quorum_is_refused_never_ignored() =>
        Refused(new Case().Under("{\"version\":1,\"logQuorum\":1}"), "logs", VerdictCode.InsufficientLogCoverage);

    [Fact]
    public void Logs_store_that_lists_a_log_demands_one_under_the_built_in_policy()
    {
        Refused(new Case { Store = WithLog() }, "logs", VerdictCode.InsufficientLogCoverage);
        Refused(new Case { Store = WithLog() }.Under("{\"version\":1}"), "logs", VerdictCode.InsufficientLogCoverage);
        new Case { Store = WithLog() }
            .Under("{\"version\":1,\"logQuorum\":0}")
            .Judge()
            .Allowed.Should()
            .BeTrue();
    }

    [Fact]
    public void Logs_entry_of_a_trusted_log_is_refused_since_nothing_can_check_it()
    {
        var set = System.Text.Json.Nodes.JsonNode.Parse(new Case().Evidence.Attestations.ToBytes())!;
        set["logEntries"] = new System.Text.Json.Nodes.JsonArray(
            new System.Text.Json.Nodes.JsonObject
            {
                ["checkpoint"] = "forged",
                ["envelope"] = Case.Release().Digest.ToString(),
                ["hashes"] = new System.Text.Json.Nodes.JsonArray(),
                ["integratedTime"] = "2026-11-23T00:00:00Z",
                ["logId"] = "log.example.org/a",
                ["logIndex"] = 0,
            }
        );
        var policy = Trust.Policies.Policy.Parse("{\"version\":1,\"logQuorum\":0}"u8.ToArray());
        var evidence = new Case().Evidence with
        {
            Attestations = AttestationSet.Parse(Oci.Json.CanonicalJson.Write(set)),
        };
        VerifyBundle.Judge(evidence, WithLog(), policy, Case.Now).Code.Should().Be(VerdictCode.LogProofInvalid);
        var unknown = VerifyBundle.Judge(evidence, Case.Trusting(), policy, Case.Now);
        unknown.Allowed.Should().BeTrue("nobody here knows the log");
        unknown.NotJudged.Should().ContainSingle().Which.Kind.Should().Be("logEntry");
    }

    [Fact]
    public void Rules_blocked_image_is_refused_with_the_rule_s_path()
    {
        var blocked = new Case().Under("{\"version\":1,\"images\":{\"blocked\":[\"web:1.4.*\"]}}");
        var verdict = Refused(blocked, "rules", VerdictCode.PolicyDenied);
        verdict.Checks[^1].Evidence.Should().Equal("images.blocked");
        verdict.Summary.Should().Contain("images.blocked");
    }

    [Theory]
    [InlineData("{\"allowed\":[\"acme/**\"],\"blocked\":[\"*:latest\"]}", null, true)]
    [InlineData("{\"allowed\":[\"other/**\"]}", null, false)]
    [InlineData("{\"allowed\":[]}", null, false)]
    [InlineData("{\"allowed\":[\"**\"],\"blocked\":[\"acme/web\"]}", null, false)]
    [InlineData("{\"blocked\":[\"*:latest\"]}", "nginx", false)]
    [InlineData("{\"blocked\":[\"*:latest\"]}", "nginx:1.25", true)]
    [InlineData("{\"allowed\":[\"ghcr.io/acme/**\"]}", "ghcr.io/acme/web:1", true)]
    [InlineData("{\"allowed\":[\"ghcr.io/acme/**\"]}", "evil.io/ghcr.io/acme/web:1", false)]
    // The name in the bundle is blocked wherever it was fetched from.
    [InlineData("{\"blocked\":[\"acme/web\"]}", "ghcr.io/x/y:1", false)]
    public void Rules_registries_and_images_are_held_against_what_it_is_called(
        string rules,
        string? reference,
        bool allowed
    )
    {
        foreach (var member in new[] { "registries", "images" })
        {
            var verdict = (new Case { Reference = reference is null ? null : Oci.ImageReference.Parse(reference) })
                .Under($"{{\"version\":1,\"{member}\":{rules}}}")
                .Judge();
            verdict.Allowed.Should().Be(allowed, verdict.Summary);
        }
    }

    [Fact]
    public void Rules_tag_beside_a_digest_is_only_talk()
    {
        var pinned = Oci.ImageReference.Parse("ghcr.io/acme/web:1.4.2").WithDigest(Case.Root);
        var claimed = new Case { Reference = pinned };
        Refused(
            claimed.Under("{\"version\":1,\"images\":{\"allowed\":[\"web:1.4.2\"]}}"),
            "rules",
            VerdictCode.PolicyDenied
        );
        Refused(
            claimed.Under("{\"version\":1,\"images\":{\"blocked\":[\"web:1.4.2\"]}}"),
            "rules",
            VerdictCode.PolicyDenied
        );
        claimed
            .Under("{\"version\":1,\"images\":{\"allowed\":[\"ghcr.io/acme/web\"]}}")
            .Judge()
            .Allowed.Should()
            .BeTrue();
    }

    private static Verdict Refused(Case subject, string check, string code)
    {
        var verdict = subject.Judge();
        verdict.Allowed.Should().BeFalse();
        verdict.Code.Should().Be(code, verdict.Summary);
        verdict.StrictAllows.Should().BeFalse();
        verdict.ExitCode.Should().Be(VerdictCode.Find(code).ExitCode);
        verdict.Checks.First(c => c.Outcome == CheckOutcome.Failed && c.Code == code).Name.Should().Be(check);
        return verdict;
    }

    private static TrustStore Scoped(string scope) =>
        TrustStore
            .Create("test", Case.Before)
            .Add(Roles.Releasers, Case.Releaser.PublicKey, Case.Before, null, null, scope)
            .Add(Roles.Builders, Case.Builder.PublicKey, Case.Before);

    private static TrustStore TwoOfTwo() =>
        Case.Trusting()
            .Add(Roles.Releasers, Case.SecondReleaser.PublicKey, Case.Before)
            .SetThreshold("release", 2, [Case.Releaser.Id, Case.SecondReleaser.Id], Case.Before);

    private static TrustStore WithLog()
    {
        var text = System.Text.Encoding.UTF8.GetString(Case.Trusting().ToBytes());
        const string Log =
            "\"logs\": {\"log.example.org/a\":{\"operator\":\"o\",\"publicKey\":\"k\",\"validFrom\":\"2026-01-01T00:00:00Z\"}}";
        return TrustStore.Parse(System.Text.Encoding.UTF8.GetBytes(text.Replace("\"logs\": {}", Log)));
    }
}
