using System.IO.Compression;
using System.Text;
using CerroTorre.Bundles;
using CerroTorre.Packages;
using CerroTorre.Rootfs;
using CerroTorre.Signing;
using CerroTorre.Sources;
using CerroTorre.Verifying;
using Oci;
using Oci.Image;
using Trust.Attestations;
using Trust.Keys;
using Trust.Policies;
using Trust.Stores;

namespace CerroTorre.Tests.Stage;

/// <summary>A whole signed bundle of a few kilobytes, made in memory, and somebody who trusts its signer.</summary>
internal sealed class SmallBundle
{
    public static readonly DateTimeOffset Time = new(2026, 11, 23, 0, 0, 0, TimeSpan.Zero);
    public static readonly SigningKey Key = SigningKey.FromSeed(Enumerable.Repeat((byte)7, 32).ToArray());
    public static readonly SigningKey Stranger = SigningKey.FromSeed(Enumerable.Repeat((byte)9, 32).ToArray());

    public static readonly TrustStore Store = TrustStore
        .Create("test", Time.AddDays(-1))
        .Add(Roles.Builders, Key.PublicKey, Time.AddDays(-1))
        .Add(Roles.Releasers, Key.PublicKey, Time.AddDays(-1));

    public required ImageTree Tree { get; init; }
    public required IReadOnlyDictionary<Digest, byte[]> Layers { get; init; }
    public required PackageManifest Package { get; init; }
    public required AttestationSet Attestations { get; init; }

    /// <summary>The bundle <c>web:1.0</c>, signed by <see cref="Key"/>.</summary>
    public static async Task<SmallBundle> CreateAsync(
        string content = "hello",
        string version = "1.0",
        SigningKey? key = null
    )
    {
        var (layer, diffId) = await LayerAsync(("index.html", content));
        return await OfAsync(
            MadeImage.Of(
                MadeImage.ConfigOf(
                    new Platform("amd64", "linux"),
                    Time,
                    new ExecutionConfig { Cmd = ["/bin/true"] },
                    diffId
                ),
                [DescriptorOf(layer)]
            ),
            new Dictionary<Digest, byte[]> { [Digest.Of(layer)] = layer },
            version,
            key ?? Key
        );
    }

    public static async Task<SmallBundle> OfAsync(
        MadeImage image,
        IReadOnlyDictionary<Digest, byte[]> layers,
        string version,
        SigningKey? key
    )
    {
        var tree = await image.ToTreeAsync(CancellationToken.None);
        var package = new PackageManifest
        {
            Name = "web",
            Version = version,
            Created = Time,
            Root = tree.Root.Digest,
        };
        var unsigned = new SmallBundle
        {
            Tree = tree,
            Layers = layers,
            Package = package,
            Attestations = AttestationSet.Empty,
        };
        return key is null ? unsigned : await unsigned.SignedAsync(key);
    }

    public async Task<SmallBundle> SignedAsync(SigningKey key) =>
        With(
            await new Attester(Package, Package.ToBytes(), Tree, OpenLayerAsync).AttestAsync(
                Attestations,
                key,
                new AttestedSource("dir:web", Tree.Root.Digest, new Dictionary<string, string>()),
                CancellationToken.None
            )
        );

    public SmallBundle With(AttestationSet attestations) =>
        new()
        {
            Tree = Tree,
            Layers = Layers,
            Package = Package,
            Attestations = attestations,
        };

    public BundleParts Parts => new(Package.ToBytes(), Package, Tree, Attestations);

    public async Task<byte[]> ToBytesAsync()
    {
        var output = new MemoryStream();
        using var writer = new BundleWriter(output);
        var digest = await writer.WriteAsync(Parts, OpenLayerAsync, CancellationToken.None);
        digest.Should().Be(Digest.Of(output.ToArray()));
        return output.ToArray();
    }

    public ValueTask<Stream> OpenLayerAsync(Descriptor layer, CancellationToken cancellationToken) =>
        ValueTask.FromResult<Stream>(new MemoryStream(Layers[layer.Digest]));

    /// <summary>The code that refuses these bytes, or null; through the whole of <see cref="BundleVerifier"/>.</summary>
    public static async Task<(string? Code, string Summary)> JudgeAsync(byte[] bundle, TrustStore? store = null)
    {
        await using var stream = new ForwardOnlyStream(bundle);
        var found = await BundleVerifier.VerifyAsync(
            stream,
            null,
            store ?? Store,
            Policy.Strict,
            Time,
            null,
            CancellationToken.None
        );
        found.Verdict.Allowed.Should().Be(found.Verdict.Code is null);
        return (found.Verdict.Code, found.Verdict.Summary);
    }

    public static async Task<(byte[] Blob, Digest DiffId)> LayerAsync(params (string Path, string Content)[] files)
    {
        var tar = new MemoryStream();
        var writer = new LayerTar(tar);
        foreach (var (path, content) in files)
        {
            var bytes = Encoding.UTF8.GetBytes(content);
            await writer.WriteAsync(
                new LayerEntry
                {
                    Path = path,
                    Type = LayerTar.RegularType,
                    Mode = 0x1a4,
                    Size = bytes.Length,
                },
                new MemoryStream(bytes),
                CancellationToken.None
            );
        }
        await writer.FinishAsync(CancellationToken.None);
        var gzip = new MemoryStream();
        await using (var compress = new GZipStream(gzip, CompressionLevel.Optimal, leaveOpen: true))
            await compress.WriteAsync(tar.ToArray());
        return (gzip.ToArray(), Digest.Of(tar.ToArray()));
    }

    public static Descriptor DescriptorOf(byte[] blob, string mediaType = MediaTypes.LayerGzip) =>
        new()
        {
            MediaType = mediaType,
            Digest = Digest.Of(blob),
            Size = blob.Length,
        };
}
