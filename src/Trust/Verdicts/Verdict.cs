using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Oci;
using Oci.Errors;
using Trust.Policies;

namespace Trust.Verdicts;

/// <summary>How a check ended.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CheckOutcome>))]
public enum CheckOutcome
{
    /// <summary>It found nothing against the bundle.</summary>
    [JsonStringEnumMemberName("passed")]
    Passed,

    /// <summary>It did.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>An earlier failure decided, or left nothing to judge.</summary>
    [JsonStringEnumMemberName("notReached")]
    NotReached,
}

/// <summary>One check of a verdict.</summary>
/// <param name="Name">The check's name: <c>signatures</c>.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Code">The code, where it failed.</param>
/// <param name="Reason">What it found, in a sentence.</param>
/// <param name="Evidence">The facts that it rests on: digests, key ids, names.</param>
public sealed record CheckResult(
    string Name,
    CheckOutcome Outcome,
    string? Code,
    string Reason,
    IReadOnlyList<string> Evidence
);

/// <summary>What became of one release payload: each is judged whole, by itself.</summary>
/// <param name="Payload">Digest of the payload.</param>
/// <param name="Package">The name and version that it releases.</param>
/// <param name="Suite">The suite that it is bound to.</param>
/// <param name="Signers">Ids of the keys that its envelopes name.</param>
/// <param name="Accepted">Whether it passed everything.</param>
/// <param name="Code">The first code that it failed with.</param>
/// <param name="Reason">Why, where it failed.</param>
public sealed record ReleaseResult(
    Digest Payload,
    string Package,
    string Suite,
    IReadOnlyList<string> Signers,
    bool Accepted,
    string? Code,
    string? Reason
);

/// <summary>Something that is carried and that nobody here can judge: others may trust it.</summary>
/// <param name="Kind"><c>signature</c>, <c>logEntry</c> or <c>sigstoreBundle</c>.</param>
/// <param name="Id">Key id, log id or digest.</param>
/// <param name="Reason">Why it isn't judged.</param>
public sealed record NotJudged(string Kind, string Id, string Reason);

/// <summary>
/// What the checks say of a bundle under one trust store and one policy at one time: the decision, and everything that
/// it rests on. It is recorded with each decision and shown as it is.
/// </summary>
public sealed record Verdict
{
    /// <summary>Whether the bundle may be used.</summary>
    public required bool Allowed { get; init; }

    /// <summary>The policy's mode: <c>strict</c>, <c>permissive</c>, <c>audit</c>.</summary>
    public required string Mode { get; init; }

    /// <summary>The code of the failure that decided; null where allowed.</summary>
    public string? Code { get; init; }

    /// <summary>The decision in a sentence.</summary>
    public required string Summary { get; init; }

    /// <summary>Allowed though evidence is missing or a rule denies: marks the container wherever it shows.</summary>
    public bool Unverified { get; init; }

    /// <summary>What the same policy would have said in mode <c>strict</c>.</summary>
    public required bool StrictAllows { get; init; }

    /// <summary>The first code in mode <c>strict</c>; null where that allows.</summary>
    public string? StrictCode { get; init; }

    /// <summary>Package name, or null.</summary>
    public string? Name { get; init; }

    /// <summary>Package version, or null.</summary>
    public string? Version { get; init; }

    /// <summary>Where it was fetched from, or null.</summary>
    public ImageReference? Reference { get; init; }

    /// <summary>Digest of the root; null where the bundle was too malformed to have one.</summary>
    public Digest? Root { get; init; }

    /// <summary>Every check, in order.</summary>
    public required IReadOnlyList<CheckResult> Checks { get; init; }

    /// <summary>Every release payload, in the document's order.</summary>
    public IReadOnlyList<ReleaseResult> Releases { get; init; } = [];

    /// <summary>What was carried and not judged.</summary>
    public IReadOnlyList<NotJudged> NotJudged { get; init; } = [];

    /// <summary>Digest of the policy's bytes; null where nothing got as far as a policy.</summary>
    public Digest? PolicyDigest { get; init; }

    /// <summary>Digest of the trust store's bytes; null where nothing got as far as a trust store.</summary>
    public Digest? TrustStoreDigest { get; init; }

    /// <summary>The time that validity was judged at; null where nothing got as far.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>Exit code of <c>ct verify</c>.</summary>
    [JsonIgnore]
    public int ExitCode => Code is null ? VerdictCode.Verified : VerdictCode.Find(Code).ExitCode;

    /// <summary>The verdict on a bundle that no check was reached for.</summary>
    /// <param name="code"><see cref="VerdictCode.MalformedBundle"/> or <see cref="VerdictCode.DigestMismatch"/>.</param>
    /// <param name="reason">What is malformed, and where.</param>
    public static Verdict Malformed(string code, string reason) => throw new NotImplementedException();

    /// <summary>
    /// This verdict and what the run's rules say: with violations, its rules check fails with
    /// <see cref="VerdictCode.PolicyDenied"/>, which mode <c>audit</c> lets pass.
    /// </summary>
    public Verdict WithRun(IReadOnlyList<RuleViolation> violations) => throw new NotImplementedException();

    /// <summary>The verdict as the JSON object that every face shows.</summary>
    public JsonNode ToJson() => throw new NotImplementedException();

    /// <summary>Reads <see cref="ToJson"/>'s bytes back.</summary>
    /// <exception cref="FormatException">Not a verdict.</exception>
    public static Verdict Parse(ReadOnlyMemory<byte> utf8) => throw new NotImplementedException();

    /// <summary>The refusal as an error that may leave the process, with this verdict attached.</summary>
    /// <exception cref="InvalidOperationException">The verdict allows.</exception>
    public PublicError ToError() => throw new NotImplementedException();
}
