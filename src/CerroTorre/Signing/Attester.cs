using System.Text.Json.Nodes;
using CerroTorre.Bundles;
using CerroTorre.Packages;
using CerroTorre.Packing;
using CerroTorre.Sboms;
using CerroTorre.Statements;
using Oci;
using Oci.Errors;
using Trust.Attestations;
using Trust.Dsse;
using Trust.Keys;

namespace CerroTorre.Signing;

/// <summary>What a package was made from, as its provenance says it.</summary>
/// <param name="Name">E.g. <c>oci-archive:web.tar</c>.</param>
/// <param name="Origin">Its digest.</param>
/// <param name="Parameters">Words of the command line that changed the result.</param>
internal sealed record AttestedSource(string Name, Digest Origin, IReadOnlyDictionary<string, string> Parameters);

/// <summary>
/// Says what there is to say about a package, signed by one key: an SBOM for each image, provenance, and the release.
/// Statements of a kind that the set already has are left alone; a second signer of the release signs the same bytes.
/// </summary>
internal sealed class Attester(
    PackageManifest package,
    ReadOnlyMemory<byte> packageBytes,
    ImageTree tree,
    LayerOpener openLayer
)
{
    /// <summary>An SBOM that replaces the one that would be made.</summary>
    public GivenPredicate? Sbom { get; init; }

    /// <summary>Provenance that replaces the one that would be made.</summary>
    public GivenPredicate? Provenance { get; init; }

    /// <summary>The suite that the release is bound to.</summary>
    public string Suite { get; init; } = Suites.Ed25519;

    /// <summary>Told what is going on.</summary>
    public IProgress<PackProgress>? Progress { get; init; }

    /// <summary>How many packages the SBOMs that were made list; null where none was made.</summary>
    public int? Packages { get; private set; }

    /// <summary>The set with this key's statements added.</summary>
    public async Task<AttestationSet> AttestAsync(
        AttestationSet set,
        SigningKey key,
        AttestedSource source,
        CancellationToken cancellationToken
    )
    {
        if (Suite != Suites.Ed25519)
            throw new PublicError(
                ErrorId.Usage,
                $"suite '{ShownText.Of(Suite, 40)}' can't be signed yet; {Suites.Ed25519} can"
            );
        set = await AddSbomsAsync(set, key, cancellationToken);
        set = AddProvenance(set, key, source);
        return AddRelease(set, key);
    }

    private async Task<AttestationSet> AddSbomsAsync(
        AttestationSet set,
        SigningKey key,
        CancellationToken cancellationToken
    )
    {
        if (Sbom is { } given)
            return Add(set, key, tree.Root.Digest, given.Type, given.Value);
        foreach (var image in tree.Runnable)
        {
            if (
                Has(set, PredicateTypes.Spdx, image.Descriptor.Digest)
                || Has(set, PredicateTypes.Spdx, tree.Root.Digest)
            )
                continue;
            var document = await SbomBuilder.BuildAsync(
                package,
                image,
                openLayer,
                StepProgress.Of(Progress, "listing packages"),
                cancellationToken
            );
            Packages = (Packages ?? 0) + document["packages"]!.AsArray().Count - 1;
            set = Add(set, key, image.Descriptor.Digest, PredicateTypes.Spdx, document);
        }
        return set;
    }

    private AttestationSet AddProvenance(AttestationSet set, SigningKey key, AttestedSource source)
    {
        if (Provenance is { } given)
            return Add(set, key, tree.Root.Digest, given.Type, given.Value);
        if (Has(set, PredicateTypes.SlsaProvenance, tree.Root.Digest))
            return set;
        var predicate = LocalProvenance.Of(package, source.Name, source.Origin, source.Parameters);
        return Add(set, key, tree.Root.Digest, PredicateTypes.SlsaProvenance, predicate);
    }

    private AttestationSet AddRelease(AttestationSet set, SigningKey key) =>
        set.Add(
            Envelope.SignStatement(
                ReleaseStatement.Create(
                    package.Name,
                    package.Version,
                    tree.Root.Digest,
                    Digest.Of(packageBytes.Span),
                    Suite
                ),
                key
            )
        );

    private AttestationSet Add(AttestationSet set, SigningKey key, Digest subject, string type, JsonObject predicate) =>
        set.Add(
            Envelope.SignStatement(
                StatementDocument.Of(package.Reference, subject, type, (JsonObject)predicate.DeepClone()),
                key
            )
        );

    private static bool Has(AttestationSet set, string predicateType, Digest subject) =>
        set.Statements.Values.Any(statement => statement.PredicateType == predicateType && statement.IsAbout(subject));
}
