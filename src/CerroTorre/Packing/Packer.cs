using CerroTorre.Bundles;
using CerroTorre.Packages;
using CerroTorre.Signing;
using CerroTorre.Sources;
using Oci.Errors;
using Trust.Attestations;

namespace CerroTorre.Packing;

/// <summary>
/// Makes a bundle of an image.
/// <list type="number">
/// <item>open the source: every document and layer accounted for by digest</item>
/// <item>name the package: <c>manifest.toml</c></item>
/// <item>attest: SBOM, provenance, release</item>
/// <item>write: beside its place, layers verified while they are copied, renamed</item>
/// <item>read it back: what was written is a bundle</item>
/// </list>
/// The same request gives the same bytes.
/// </summary>
public static class Packer
{
    /// <summary>Packs.</summary>
    /// <exception cref="PublicError">The source, or a word of the request, isn't what it must be.</exception>
    public static async Task<PackResult> PackAsync(PackRequest request, CancellationToken cancellationToken)
    {
        await using var output = OutputFile.Create(request.Output);
        using var work = WorkDirectory.Beside(request.Output);
        try
        {
            // 1. Open the source.
            await using var source = await ImageSource.OpenAsync(
                request.Source,
                OptionsOf(request, work),
                cancellationToken
            );

            // 2. Name the package.
            var package = PackageOf(request, source);
            var packageBytes = package.ToBytes();

            // 3. Attest.
            var attester = new Attester(package, packageBytes, source.Tree, source.OpenLayerAsync)
            {
                Sbom = request.Sbom,
                Provenance = request.Provenance,
                Suite = request.Suite,
                Progress = request.Progress,
            };
            var attestations = AttestationSet.Empty;
            if (request.Key is { } key)
            {
                attestations = await attester.AttestAsync(
                    attestations,
                    key,
                    new AttestedSource(SourceNameOf(request), source.Origin, ParametersOf(request)),
                    cancellationToken
                );
            }

            // 4. Write.
            using var writer = new BundleWriter(output.Stream)
            {
                Progress = StepProgress.Of(request.Progress, "writing layers"),
            };
            var digest = await writer.WriteAsync(
                new BundleParts(packageBytes, package, source.Tree, attestations),
                source.OpenLayerAsync,
                cancellationToken
            );

            // 5. Read its head back: what a reader would refuse must not leave this place.
            output.Stream.Position = 0;
            using var reader = new BundleReader(output.Stream);
            var head = await reader.ReadHeadAsync(cancellationToken);
            var size = output.Stream.Length;
            await output.CommitAsync(cancellationToken);
            return new PackResult(request.Output, head, digest, size, attester.Packages, source.Notes);
        }
        catch (FormatException error)
        {
            throw new PublicError(
                ErrorId.BundleMalformed,
                $"{request.Source.Path} can't be packed: {error.Message}",
                error
            );
        }
    }

    private static SourceOptions OptionsOf(PackRequest request, WorkDirectory work) =>
        new(work.Path)
        {
            Platform = request.Platform,
            Created = request.Created ?? DateTimeOffset.UnixEpoch,
            Execution = request.Execution,
            Progress = StepProgress.Of(request.Progress, "making the layer"),
        };

    private static PackageManifest PackageOf(PackRequest request, ImageSource source)
    {
        var name = request.Name ?? source.Suggested.Name ?? throw Unnamed("name", "--name web", request);
        var version =
            request.Version ?? source.Suggested.Version ?? throw Unnamed("version", "--version 1.0.0", request);
        try
        {
            PackageName.RequireName(name);
            PackageName.RequireVersion(version);
        }
        catch (FormatException error)
        {
            throw new PublicError(ErrorId.Usage, error.Message, error);
        }
        return new PackageManifest
        {
            Name = name,
            Version = version,
            Created =
                request.Created
                ?? source.Tree.Runnable.Select(image => image.Config!.Created).FirstOrDefault()
                ?? DateTimeOffset.UnixEpoch,
            Root = source.Tree.Root.Digest,
            Description = request.Description,
            License = request.License,
            Source = request.SourceUrl,
            Annotations = request.Annotations,
        };
    }

    private static PublicError Unnamed(string what, string option, PackRequest request) =>
        new(
            ErrorId.Usage,
            $"{ShownText.Of(request.Source.Path, 200)} does not suggest a package {what}",
            $"ct pack {request.Source.Scheme}:{ShownText.Of(request.Source.Path, 200)} {option} -o {ShownText.Of(request.Output, 200)}"
        );

    // The directory that it lay in is nobody's business, and would change the bytes from machine to machine.
    private static string SourceNameOf(PackRequest request) =>
        $"{request.Source.Scheme}:{Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(request.Source.Path)))}";

    private static Dictionary<string, string> ParametersOf(PackRequest request)
    {
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        if (request.Platform is { } platform)
            parameters["platform"] = platform.ToString();
        if (request.Source.Tag is { } tag)
            parameters["tag"] = tag;
        return parameters;
    }
}
