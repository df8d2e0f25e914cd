using System.Text.Json;
using CerroTorre.Bundles;
using CerroTorre.Packing;
using CerroTorre.Sources;
using Oci;
using Trust.Keys;
using Trust.Stores;
using Vordr.Client.Bundles;

namespace Svalinn.Tests.Stage;

/// <summary>Real bundles, packed and signed by Cerro Torre.</summary>
internal sealed class TestBundles : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private int _made;

    public SigningKey Key { get; } = SigningKey.Generate();

    /// <summary>A trust store that trusts <see cref="Key"/> as builder and releaser.</summary>
    public void Trust(string path)
    {
        var then = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        TrustStore
            .Create("test", then)
            .Add(Roles.Builders, Key.PublicKey, then)
            .Add(Roles.Releasers, Key.PublicKey, then)
            .Save(path);
    }

    public async Task<byte[]> PackAsync(SigningKey? key, string name = "demo/web", int fileSize = 100)
    {
        var root = Directory.CreateDirectory(_directory.Of($"root{_made}"));
        // Seeded, so that it doesn't compress to nothing: sizes in tests are those of the file.
        var content = new byte[fileSize];
        var state = 88172645463325252UL;
        for (var i = 0; i < content.Length; i++)
        {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            content[i] = (byte)state;
        }
        await File.WriteAllBytesAsync(Path.Combine(root.FullName, "data"), content);
        var output = _directory.Of($"{_made++}.ctp");
        var request = new PackRequest(SourceSpec.Parse($"dir:{root.FullName}"), output)
        {
            Name = name,
            Version = "1.0",
            Key = key,
        };
        await Packer.PackAsync(request, CancellationToken.None);
        return await File.ReadAllBytesAsync(output);
    }

    public static async Task<BundleHead> HeadOfAsync(byte[] bundle)
    {
        using var reader = new BundleReader(new MemoryStream(bundle));
        return await reader.ReadHeadAsync(CancellationToken.None);
    }

    /// <summary>What Vörðr answers to the upload of <paramref name="bundle"/>.</summary>
    public static BundleAnswer AnswerFor(byte[] bundle, BundleHead head, bool known = false) =>
        new()
        {
            Name = head.PackageManifest.Name,
            Version = head.PackageManifest.Version,
            BundleDigest = Digest.Of(bundle),
            ImageDigest = head.Root.Digest,
            Known = known,
            Verdict = JsonElement.Parse("""{"allowed":true,"summary":"Vörðr's own"}"""),
            Decision = 7,
        };

    /// <summary>What Vörðr answers when asked for the evidence of <paramref name="bundle"/>.</summary>
    public static VerifyAnswer EvidenceFor(byte[] bundle, BundleHead head) =>
        new()
        {
            Image = head.PackageManifest.Reference,
            ImageDigest = head.Root.Digest,
            BundleDigest = Digest.Of(bundle),
            Verdict = JsonElement.Parse("""{"allowed":true}"""),
            Evidence = new BundleEvidence
            {
                Name = head.PackageManifest.Name,
                Version = head.PackageManifest.Version,
                Root = head.Root.Digest,
                Manifests = [.. head.Images.Select(image => image.Descriptor.Digest)],
                PackageManifest = head.PackageManifestDigest,
                Attestations = head.AttestationBytes.ToArray(),
            },
        };

    public void Dispose()
    {
        Key.Dispose();
        _directory.Dispose();
    }
}
