using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Oci;
using Oci.Errors;
using Oci.Json;
using Trust.Checks;
using Trust.Keys;
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

/// <summary>One signer of a statement.</summary>
/// <param name="Id">The key.</param>
/// <param name="Name">What the trust store calls it, or null.</param>
/// <param name="Code">Why the signature doesn't count; null where it does.</param>
public sealed record SignerResult(KeyId Id, string? Name, string? Code);

/// <summary>What became of one release payload: each is judged whole, by itself.</summary>
/// <param name="Payload">Digest of the payload.</param>
/// <param name="Package">The name and version that it releases.</param>
/// <param name="Suite">The suite that it is bound to.</param>
/// <param name="Signers">Who signed it, or says so.</param>
/// <param name="Accepted">Whether it passed everything.</param>
/// <param name="Code">The first code that it failed with.</param>
/// <param name="Reason">Why, where it failed.</param>
public sealed record ReleaseResult(
    Digest Payload,
    string Package,
    string Suite,
    IReadOnlyList<SignerResult> Signers,
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
    [JsonConverter(typeof(NullableRfc3339))]
    public DateTimeOffset? At { get; init; }

    /// <summary>Exit code of <c>ct verify</c>.</summary>
    [JsonIgnore]
    public int ExitCode => Code is null ? VerdictCode.Verified : VerdictCode.Find(Code).ExitCode;

    /// <summary>The verdict on a bundle that no check was reached for.</summary>
    /// <param name="code"><see cref="VerdictCode.MalformedBundle"/> or <see cref="VerdictCode.DigestMismatch"/>.</param>
    /// <param name="reason">What is malformed, and where.</param>
    public static Verdict Malformed(string code, string reason)
    {
        var failed = VerdictCode.Find(code);
        var checks = VerifyBundle
            .CheckNames.Select(name => new CheckResult(name, CheckOutcome.NotReached, null, "not reached", []))
            .ToList();
        checks[0] = new CheckResult(checks[0].Name, CheckOutcome.Failed, code, reason, []);
        return new Verdict
        {
            Allowed = false,
            Mode = PolicyReader.NameOf(PolicyMode.Strict),
            Code = code,
            Summary = $"{failed.Title}: {reason}",
            StrictAllows = false,
            StrictCode = code,
            Checks = checks,
        };
    }

    /// <summary>
    /// This verdict and what the run's rules say: with violations, its rules check fails with
    /// <see cref="VerdictCode.PolicyDenied"/>, which mode <c>audit</c> lets pass.
    /// </summary>
    public Verdict WithRun(IReadOnlyList<RuleViolation> violations)
    {
        ArgumentNullException.ThrowIfNull(violations);
        if (violations.Count == 0)
            return this;
        var failure = new CheckResult(
            RulesCheck.CheckName,
            CheckOutcome.Failed,
            VerdictCode.PolicyDenied,
            RulesCheck.Describe(violations),
            [.. violations.Select(v => v.Path)]
        );
        var tolerated = string.Equals(Mode, PolicyReader.NameOf(PolicyMode.Audit), StringComparison.Ordinal);
        var denies = Allowed && !tolerated;
        return this with
        {
            Allowed = Allowed && tolerated,
            Code = denies ? VerdictCode.PolicyDenied : Code,
            Summary = denies ? VerifyBundle.SummaryOf(failure) : Summary,
            Unverified = Allowed && tolerated,
            StrictAllows = false,
            StrictCode = StrictCode ?? VerdictCode.PolicyDenied,
            // An earlier refusal stays the one that decided; the rules were then never reached.
            Checks = Allowed ? [.. Checks.Select(c => c.Name == failure.Name ? failure : c)] : Checks,
        };
    }

    /// <summary>The verdict as the JSON object that every face shows.</summary>
    public JsonNode ToJson() => JsonSerializer.SerializeToNode(this, VerdictJson.Default.Verdict)!;

    /// <summary>Reads <see cref="ToJson"/>'s bytes back.</summary>
    /// <exception cref="FormatException">Not a verdict.</exception>
    public static Verdict Parse(ReadOnlyMemory<byte> utf8) =>
        StrictJson.Deserialize(utf8.Span, VerdictJson.Default.Verdict, "verdict");

    /// <summary>The refusal as an error that may leave the process, with this verdict attached.</summary>
    /// <exception cref="InvalidOperationException">The verdict allows.</exception>
    public PublicError ToError()
    {
        if (Code is null)
            throw new InvalidOperationException("A verdict that allows is no error.");
        var code = VerdictCode.Find(Code);
        return new PublicError(code.ErrorId, Summary, VerdictText.Suggestions(this, "BUNDLE")) { Verdict = ToJson() };
    }
}
