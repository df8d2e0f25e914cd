using CerroTorre.Bundles;
using Oci;
using Oci.Errors;
using Oci.Image;
using Oci.Json;
using Trust.Policies;
using Trust.Stores;
using Trust.Verdicts;

namespace CerroTorre.Verifying;

/// <summary>What was found about a bundle.</summary>
/// <param name="Verdict">The decision and what it rests on.</param>
/// <param name="Head">The bundle's head; null when it is malformed.</param>
/// <param name="BundleDigest">SHA-256 of the file; null when it isn't sound to its end.</param>
public sealed record BundleVerification(Verdict Verdict, BundleHead? Head, Digest? BundleDigest);

/// <summary>
/// Verifies a whole bundle: form, trust, and every layer to the end of the file, in one pass (bundle.md, "Reading =
/// verifying"). Structure is the first of the checks, so its failure decides also where it shows last, in a layer.
/// </summary>
public static class BundleVerifier
{
    /// <summary>Reads <paramref name="bundle"/> to its end.</summary>
    /// <param name="bundle">The bundle; need not seek, isn't disposed.</param>
    /// <param name="platform">The platform to judge; null for all that the bundle holds.</param>
    /// <param name="store">Whom to trust.</param>
    /// <param name="policy">What to demand.</param>
    /// <param name="now">The time that validity is judged at.</param>
    /// <param name="progress">Told the bytes of layers that were read, or null.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public static async Task<BundleVerification> VerifyAsync(
        Stream bundle,
        Platform? platform,
        TrustStore store,
        Policy policy,
        DateTimeOffset now,
        IProgress<long>? progress,
        CancellationToken cancellationToken
    )
    {
        using var reader = new BundleReader(bundle) { Progress = progress };
        BundleHead? head = null;
        Verdict? verdict = null;
        try
        {
            head = await reader.ReadHeadAsync(cancellationToken);
            verdict = VerifyBundle.Judge(head.ToEvidence(platform), store, policy, now);
            return new BundleVerification(verdict, head, await reader.VerifyRestAsync(cancellationToken));
        }
        catch (PublicError error) when (error.Verdict is { } json)
        {
            var malformed = Verdict.Parse(CanonicalJson.Write(json));
            return new BundleVerification(verdict is null ? malformed : Decide(verdict, malformed), head, null);
        }
    }

    // What trust found stays in the report; the file's damage decides.
    private static Verdict Decide(Verdict judged, Verdict malformed) =>
        judged with
        {
            Allowed = false,
            Unverified = false,
            Code = malformed.Code,
            Summary = malformed.Summary,
            StrictAllows = false,
            StrictCode = malformed.StrictCode,
            Checks = [malformed.Checks[0], .. judged.Checks.Skip(1)],
        };
}
