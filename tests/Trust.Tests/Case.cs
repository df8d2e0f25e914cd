using System.Text;
using System.Text.Json.Nodes;
using Oci;
using Oci.Json;
using Trust.Attestations;
using Trust.Dsse;
using Trust.Keys;
using Trust.Policies;
using Trust.Stores;
using Trust.Verdicts;

namespace Trust.Tests;

/// <summary>
/// A bundle that the built-in policy allows: web 1.4.2, released by one key, with provenance and an SBOM by another.
/// Each test spoils one thing of it.
/// </summary>
internal sealed record Case
{
    public static readonly DateTimeOffset Now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
    public static readonly DateTimeOffset Before = Now.AddDays(-30);

    public static readonly SigningKey Releaser = KeyOf(1);
    public static readonly SigningKey Builder = KeyOf(2);
    public static readonly SigningKey SecondReleaser = KeyOf(3);
    public static readonly SigningKey Stranger = KeyOf(4);

    public static readonly Digest Root = DigestOf("root");
    public static readonly Digest Manifest = DigestOf("manifest.toml");

    public string Name { get; init; } = "acme/web";
    public string Version { get; init; } = "1.4.2";
    public ImageReference? Reference { get; init; }
    public IReadOnlyList<Digest> Manifests { get; init; } = [Root];
    public Digest? PackageManifest { get; init; } = Manifest;
    public IReadOnlyList<Envelope> Envelopes { get; init; } = [Release(), Provenance(), Sbom()];
    public TrustStore Store { get; init; } = Trusting();
    public Policy Policy { get; init; } = Policy.Strict;
    public DateTimeOffset At { get; init; } = Now;

    public Evidence Evidence =>
        new()
        {
            Name = Name,
            Version = Version,
            Reference = Reference,
            Root = Root,
            Manifests = Manifests,
            PackageManifest = PackageManifest,
            Attestations = SetOf(Envelopes),
        };

    public Verdict Judge() => VerifyBundle.Judge(Evidence, Store, Policy, At);

    public Case With(params IReadOnlyList<Envelope> more) => this with { Envelopes = [.. Envelopes, .. more] };

    public Case Releasing(params IReadOnlyList<Envelope> releases) =>
        this with
        {
            Envelopes =
            [
                .. releases,
                .. Envelopes.Where(e => Statement.Parse(e.Payload).PredicateType != PredicateTypes.Release),
            ],
        };

    public Case Under(string policy) =>
        this with
        {
            Policy = Trust.Policies.Policy.Parse(Encoding.UTF8.GetBytes(policy)),
        };

    public static SigningKey KeyOf(byte seed) => SigningKey.FromSeed([.. Enumerable.Repeat(seed, 32)]);

    public static Digest DigestOf(string text) => Digest.Of(Encoding.UTF8.GetBytes(text));

    public static TrustStore Trusting() =>
        TrustStore
            .Create("test", Before)
            .Add(Roles.Releasers, Releaser.PublicKey, Before, label: "release@example.org")
            .Add(Roles.Builders, Builder.PublicKey, Before);

    public static AttestationSet SetOf(params IEnumerable<Envelope> envelopes) =>
        envelopes.Aggregate(AttestationSet.Empty, (set, envelope) => set.Add(envelope));

    public static byte[] ReleasePayload(
        string name = "acme/web",
        string version = "1.4.2",
        Digest? root = null,
        Digest? manifest = null,
        string suite = Suites.Ed25519
    ) => ReleaseStatement.Create(name, version, root ?? Root, manifest ?? Manifest, suite);

    public static Envelope Release(
        SigningKey? key = null,
        string name = "acme/web",
        string version = "1.4.2",
        Digest? root = null,
        Digest? manifest = null,
        string suite = Suites.Ed25519
    ) => Envelope.SignStatement(ReleasePayload(name, version, root, manifest, suite), key ?? Releaser);

    public static Envelope Provenance(SigningKey? key = null, params IReadOnlyList<Digest> about) =>
        Stating(PredicateTypes.SlsaProvenance, key ?? Builder, about);

    public static Envelope Sbom(SigningKey? key = null, params IReadOnlyList<Digest> about) =>
        Stating(PredicateTypes.Spdx, key ?? Builder, about);

    public static Envelope Stating(string type, SigningKey key, params IReadOnlyList<Digest> about)
    {
        var subjects = (about.Count == 0 ? [Root] : about).Select(digest =>
            (JsonNode)new JsonObject { ["digest"] = new JsonObject { ["sha256"] = digest.Hex } }
        );
        return Envelope.SignStatement(
            CanonicalJson.Write(
                new JsonObject
                {
                    ["_type"] = Statement.TypeUri,
                    ["subject"] = new JsonArray([.. subjects]),
                    ["predicateType"] = type,
                    ["predicate"] = new JsonObject { ["said"] = "by a test" },
                }
            ),
            key
        );
    }

    /// <summary>The envelope with one bit of its signature turned.</summary>
    public static Envelope Damaged(Envelope envelope)
    {
        var signature = envelope.Signatures[0].Signature.ToArray();
        signature[10] ^= 1;
        return new Envelope(envelope.PayloadType, envelope.Payload, [new(envelope.KeyId, signature)]);
    }

    /// <summary>The envelope's signature over another payload.</summary>
    public static Envelope Over(Envelope envelope, ReadOnlyMemory<byte> payload) =>
        new(envelope.PayloadType, payload, envelope.Signatures);
}
