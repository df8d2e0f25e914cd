using Microsoft.Extensions.Logging;
using Oci.Errors;
using Trust.Attestations;
using Trust.Policies;
using Trust.Stores;
using Trust.Verdicts;
using Vordr.Bundles;
using Vordr.State;
using Vordr.Storage;

namespace Vordr.Decisions;

/// <summary>What a decision is about.</summary>
/// <param name="Caller">For whom.</param>
/// <param name="Operation"><c>load</c>, <c>create</c>, <c>start</c> or <c>exec</c>.</param>
/// <param name="Subject">On what, in words.</param>
/// <param name="Container">The container concerned, or null.</param>
internal sealed record Matter(Caller Caller, string Operation, string Subject, string? Container = null);

/// <summary>
/// The one place where content and containers are let in: asks the operator's trust store and policy, and records
/// what they say. Both are read anew each time: a revoked key holds from the next question on.
/// </summary>
internal sealed partial class Gate(
    Database database,
    ContentStore content,
    string configDirectory,
    TimeProvider time,
    ILogger logger
)
{
    /// <summary>Name of the trust store's file in the configuration directory.</summary>
    public const string TrustStoreFile = "trust-store.json";

    /// <summary>Name of the policy's file in the configuration directory.</summary>
    public const string PolicyFile = "policy.json";

    private string TrustStorePath => Path.Join(configDirectory, TrustStoreFile);

    /// <summary>The operator's policy; the built-in one where there is no file.</summary>
    public Policy Policy() => Trust.Policies.Policy.LoadOrStrict(Path.Join(configDirectory, PolicyFile));

    /// <summary>The operator's trust store; one that trusts nobody where there is no file.</summary>
    public TrustStore TrustStore() => Trust.Stores.TrustStore.LoadOrEmpty(TrustStorePath);

    /// <summary>
    /// What the operator's policy says of the evidence, and a narrowing one after it: the narrowing policy's verdict
    /// counts only where it refuses what the operator's allows.
    /// </summary>
    public Verdict Judge(Evidence evidence, Policy? narrowing = null)
    {
        var store = TrustStore();
        var now = time.GetUtcNow();
        var verdict = VerifyBundle.Judge(evidence, store, Policy(), now);
        if (narrowing is null || !verdict.Allowed)
            return verdict;
        var narrowed = VerifyBundle.Judge(evidence, store, narrowing, now);
        return narrowed.Allowed ? verdict : narrowed;
    }

    /// <summary>The evidence that is stored for a bundle, as it was judged when it came in.</summary>
    /// <exception cref="PublicError"><see cref="ErrorId.StateCorrupt"/>: it isn't what was stored.</exception>
    public async Task<Evidence> EvidenceAsync(BundleRow bundle, CancellationToken cancellation)
    {
        var bytes = await AttestationBytesAsync(bundle, cancellation);
        return new Evidence
        {
            Name = bundle.Name,
            Version = bundle.Version,
            Root = bundle.Root,
            Manifests = [bundle.Manifest],
            PackageManifest = bundle.PackageManifest,
            Attestations = AttestationSet.Parse(bytes),
        };
    }

    /// <summary>The bytes of the attestation set that is stored for a bundle.</summary>
    /// <exception cref="PublicError"><see cref="ErrorId.StateCorrupt"/>: they aren't what was stored.</exception>
    public async Task<byte[]> AttestationBytesAsync(BundleRow bundle, CancellationToken cancellation)
    {
        var bytes = await content.ReadEvidenceAsync(bundle.Digest, EvidenceFiles.Attestations, cancellation);
        return
            bytes is not null
            && EvidenceKey.Of(bundle.Root, bundle.PackageManifest, Oci.Digest.Of(bytes)) == bundle.Evidence
            ? bytes
            : throw new PublicError(
                ErrorId.StateCorrupt,
                $"The evidence stored for {bundle.Reference} is missing or was changed.",
                "Load the bundle again"
            );
    }

    /// <summary>Records a verdict; the decision's number. What passes unverified is logged each time.</summary>
    public long Record(Matter matter, Verdict verdict)
    {
        if (verdict is { Allowed: true, Unverified: true })
            LogUnverified(logger, matter.Operation, matter.Subject, verdict.Mode, verdict.StrictCode);
        return Record(matter, verdict.Allowed, verdict.Root, verdict.ToJson().ToJsonString());
    }

    /// <summary>Records a refusal; the error that tells it.</summary>
    public PublicError Refused(Matter matter, Verdict verdict) => Refusal(verdict, Record(matter, verdict));

    /// <summary>Records a refusal that came with its verdict attached, as a malformed bundle's does.</summary>
    public void Record(Matter matter, PublicError refusal)
    {
        if (refusal.Verdict is { } verdict)
            Record(matter, allowed: false, null, verdict.ToJsonString());
    }

    private long Record(Matter matter, bool allowed, Oci.Digest? root, string verdict) =>
        database.Write(session =>
            session.Insert(
                new DecisionRow(
                    0,
                    time.GetUtcNow(),
                    matter.Operation,
                    matter.Caller.Principal,
                    matter.Subject,
                    root,
                    matter.Container,
                    matter.Caller.TraceId,
                    allowed,
                    verdict
                )
            )
        );

    // Who has no trust store yet is told of that first: nothing else would help.
    private PublicError Refusal(Verdict verdict, long decision)
    {
        var error = verdict.ToError();
        if (File.Exists(TrustStorePath))
            return error;
        return new PublicError(
            error.Id,
            $"{error.Message} There is no trust store at {TrustStorePath}: nobody is trusted here yet.",
            $"ct trust init && install -D ~/.config/cerro-torre/trust-store.json {TrustStorePath}",
            $"vordr explain {decision}"
        )
        {
            Verdict = error.Verdict,
        };
    }

    [LoggerMessage(
        EventId = 100,
        Level = LogLevel.Warning,
        Message = "{Operation} of {Subject} passes unverified in mode {Mode}; strict would say {Code}"
    )]
    private static partial void LogUnverified(
        ILogger logger,
        string operation,
        string subject,
        string mode,
        string? code
    );
}
