using System.Collections.Frozen;
using Oci.Errors;

namespace Trust.Verdicts;

/// <summary>What kind of failure a code is; the policy's mode decides by it.</summary>
public enum FaultKind
{
    /// <summary>The evidence is wrong: refused in every mode.</summary>
    Wrong,

    /// <summary>The evidence doesn't suffice: <c>permissive</c> and <c>audit</c> let it pass, unverified.</summary>
    Missing,

    /// <summary>A rule forbids it: <c>audit</c> lets it pass.</summary>
    Rule,
}

/// <summary>
/// One row of the table of verdict codes: the only place where a code, its kind, the exit code of <c>ct verify</c> and
/// the words for it stand.
/// </summary>
/// <param name="Name">The code, as it stands in verdicts.</param>
/// <param name="ExitCode">Exit code of <c>ct verify</c> when it decides.</param>
/// <param name="Kind">What the modes make of it.</param>
/// <param name="Title">What failed, in a few words.</param>
/// <param name="Why">Why that matters.</param>
/// <param name="Next">What to do, with <c>{bundle}</c> where the bundle's name goes.</param>
public sealed record VerdictCode(
    string Name,
    int ExitCode,
    FaultKind Kind,
    string Title,
    string Why,
    params IReadOnlyList<string> Next
)
{
    /// <summary>Exit code of <c>ct verify</c> for an allowed bundle.</summary>
    public const int Verified = 0;

    /// <summary>Exit code of <c>ct</c> when a file can't be read or written.</summary>
    public const int InputOutput = 11;

    /// <summary>Exit code of <c>ct</c> when a network can't be reached.</summary>
    public const int Network = 12;

    /// <summary>Exit code of <c>ct</c> for wrong arguments.</summary>
    public const int Usage = 64;

    /// <summary>The bundle's structure is not well-formed.</summary>
    public const string MalformedBundle = "MALFORMED_BUNDLE";

    /// <summary>Content does not have the digest that names it.</summary>
    public const string DigestMismatch = "DIGEST_MISMATCH";

    /// <summary>The release is about something else.</summary>
    public const string SubjectMismatch = "SUBJECT_MISMATCH";

    /// <summary>A release or a required statement isn't there.</summary>
    public const string MissingAttestation = "MISSING_ATTESTATION";

    /// <summary>The policy doesn't allow the signature suite.</summary>
    public const string SuiteNotAllowed = "SUITE_NOT_ALLOWED";

    /// <summary>A signature of a trusted key does not verify.</summary>
    public const string InvalidSignature = "INVALID_SIGNATURE";

    /// <summary>No trusted key signed.</summary>
    public const string UnknownKey = "UNKNOWN_KEY";

    /// <summary>The key's validity is over.</summary>
    public const string ExpiredKey = "EXPIRED_KEY";

    /// <summary>The key's validity hasn't begun.</summary>
    public const string KeyNotYetValid = "KEY_NOT_YET_VALID";

    /// <summary>The key was revoked.</summary>
    public const string RevokedKey = "REVOKED_KEY";

    /// <summary>The key is trusted for something else.</summary>
    public const string WrongRole = "WRONG_ROLE";

    /// <summary>The policy doesn't allow this signer, or not for this name.</summary>
    public const string SignerNotAllowed = "SIGNER_NOT_ALLOWED";

    /// <summary>Too few distinct keys signed.</summary>
    public const string ThresholdNotMet = "THRESHOLD_NOT_MET";

    /// <summary>Too few transparency logs had it.</summary>
    public const string InsufficientLogCoverage = "INSUFFICIENT_LOG_COVERAGE";

    /// <summary>A transparency log's proof does not verify.</summary>
    public const string LogProofInvalid = "LOG_PROOF_INVALID";

    /// <summary>A rule of the policy forbids it.</summary>
    public const string PolicyDenied = "POLICY_DENIED";

    /// <summary>The table.</summary>
    public static IReadOnlyList<VerdictCode> All { get; } =
    [
        new(
            MalformedBundle,
            10,
            FaultKind.Wrong,
            "Bundle malformed",
            "A bundle has one byte form. What deviates from it could be read in two ways, so it is not read at all.",
            "ct inspect {bundle}",
            "ask the publisher for a fresh bundle"
        ),
        new(
            DigestMismatch,
            1,
            FaultKind.Wrong,
            "Content changed",
            "The content is not what its digest says: it was changed, or damaged on its way.",
            "fetch the bundle again",
            "ask the publisher for a fresh bundle"
        ),
        new(
            SubjectMismatch,
            1,
            FaultKind.Wrong,
            "Release is about something else",
            "The signed statement names another image, another package manifest or another version than this bundle holds.",
            "ct explain {bundle}",
            "ask the publisher for a fresh bundle"
        ),
        new(
            MissingAttestation,
            5,
            FaultKind.Missing,
            "Attestation missing",
            "The policy demands a statement that no trusted key made about this bundle.",
            "ct explain {bundle}",
            "ct sign {bundle} (makes the release statement)",
            "ct pack SOURCE -o {bundle} (makes provenance and SBOM, and signs all three)"
        ),
        new(
            InsufficientLogCoverage,
            5,
            FaultKind.Missing,
            "Not in enough transparency logs",
            "The policy demands that transparency logs have the release, so that nobody can sign one in secret.",
            "ct policy check POLICY (this version can't check log proofs: demand none, or wait for one that can)"
        ),
        new(
            InvalidSignature,
            2,
            FaultKind.Wrong,
            "Signature invalid",
            "The signature does not match the signed statement: the bundle was changed after it was signed, or signed with another key.",
            "ct explain {bundle}",
            "ask the publisher for a fresh bundle"
        ),
        new(
            LogProofInvalid,
            2,
            FaultKind.Wrong,
            "Log proof invalid",
            "A log entry claims what its log's key does not prove.",
            "ct explain {bundle}",
            "ask the publisher for a fresh bundle"
        ),
        new(
            UnknownKey,
            3,
            FaultKind.Missing,
            "Key unknown",
            "Nobody whom the trust store lists signed this. Anyone can make a key.",
            "ct explain {bundle} (shows who signed)",
            "ct trust add KEY (once you know that the key is the publisher's)"
        ),
        new(
            ExpiredKey,
            3,
            FaultKind.Missing,
            "Key expired",
            "The key's validity is over, and nothing proves that the signature was made before.",
            "ct trust show",
            "ask the publisher to sign with a valid key"
        ),
        new(
            KeyNotYetValid,
            3,
            FaultKind.Missing,
            "Key not valid yet",
            "The key's validity has not begun.",
            "ct trust show",
            "check the clock of this machine"
        ),
        new(
            RevokedKey,
            3,
            FaultKind.Wrong,
            "Key revoked",
            "The key was revoked, and nothing proves that the signature was made before.",
            "ct trust show",
            "ask the publisher to sign with another key"
        ),
        new(
            WrongRole,
            3,
            FaultKind.Missing,
            "Key has another role",
            "The trust store trusts this key, but not for this kind of statement.",
            "ct trust show",
            "ct trust add KEY --role ROLE (if you trust the key for this too)"
        ),
        new(
            SignerNotAllowed,
            3,
            FaultKind.Missing,
            "Signer not allowed",
            "The key is trusted, but may not release this.",
            "ct trust show",
            "ct policy check POLICY"
        ),
        new(
            SuiteNotAllowed,
            4,
            FaultKind.Missing,
            "Signature suite not allowed",
            "The policy does not accept the signature suite that the release is bound to.",
            "ct policy check POLICY",
            "ask the publisher to sign with an allowed suite"
        ),
        new(
            ThresholdNotMet,
            4,
            FaultKind.Missing,
            "Too few signers",
            "The policy demands several distinct keys, so that no single one can release.",
            "ct explain {bundle} (shows who signed)",
            "ct sign {bundle} --key NAME (adds a signature)"
        ),
        new(
            PolicyDenied,
            4,
            FaultKind.Rule,
            "Denied by a rule",
            "The evidence is good; a rule of the policy forbids this all the same.",
            "ct policy check POLICY"
        ),
    ];

    private static readonly FrozenDictionary<string, VerdictCode> s_byName = All.ToFrozenDictionary(
        code => code.Name,
        StringComparer.Ordinal
    );

    /// <summary>The row of a code.</summary>
    /// <exception cref="ArgumentException">No such code.</exception>
    public static VerdictCode Find(string name) =>
        s_byName.TryGetValue(name, out var code)
            ? code
            : throw new ArgumentException($"No verdict code '{name}'.", nameof(name));

    /// <summary>The registered error that this code is told as.</summary>
    public ErrorId ErrorId =>
        Name switch
        {
            MalformedBundle => ErrorId.BundleMalformed,
            DigestMismatch => ErrorId.DigestMismatch,
            _ => ErrorId.PolicyDenied,
        };
}
