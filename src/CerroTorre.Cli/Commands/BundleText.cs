using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CerroTorre.Bundles;
using CerroTorre.Cli.Hosting;
using CerroTorre.Sboms;
using Oci;
using Trust.Attestations;
using Trust.Stores;
using Trust.Verdicts;
using static Trust.Verdicts.ForeignText;

namespace CerroTorre.Cli.Commands;

/// <summary>The sections of <c>ct explain</c>. Every word from the bundle is foreign, and printed so.</summary>
internal sealed class BundleText(TextWriter output, BundleHead head, TrustStore store)
{
    /// <summary>What it is called, and by which digests.</summary>
    public void WritePackage(string path, Digest bundle)
    {
        var package = head.PackageManifest;
        output.WriteLine($"{package.Reference}{(package.Description is { } text ? $": {Escape(text)}" : "")}");
        output.WriteLine();
        Fact("file", Escape(path));
        Fact("bundle", $"{bundle}  (the file)");
        Fact("image", $"{head.Root.Digest}  (what it stands for)");
        Fact("created", Times.Text(package.Created));
        Fact("license", Escape(package.License ?? "not said"));
        Fact("source", Escape(package.Source ?? "not said"));
        foreach (var (key, value) in package.Annotations)
            Fact("also", $"{Escape(key)} = {Escape(value)}");
        output.WriteLine();
    }

    /// <summary>The images and their layers.</summary>
    public void WriteImages()
    {
        foreach (var image in head.Images)
        {
            Heading(image.IsRunnable ? $"Image for {Escape(image.Platform.ToString())}" : "Carried, never run");
            Fact("manifest", image.Descriptor.Digest.ToString());
            if (image.Config?.Config is { } execution)
            {
                Fact("runs", Escape(CommandOf(execution)));
                Fact("as user", Escape(string.IsNullOrEmpty(execution.User) ? "root" : execution.User));
                if (execution.ExposedPorts is { Count: > 0 } ports)
                    Fact("ports", Escape(string.Join(", ", ports.Keys)));
            }
            foreach (var layer in image.Manifest.Layers)
                Fact("layer", $"{layer.Digest}  {Sizes.Text(layer.Size)}");
            output.WriteLine();
        }
    }

    /// <summary>Where it comes from.</summary>
    public void WriteProvenance()
    {
        Heading("Provenance");
        var found = false;
        foreach (var envelope in head.Attestations.Envelopes)
        {
            var statement = head.Attestations.StatementOf(envelope);
            if (statement.PredicateType != PredicateTypes.SlsaProvenance || statement.Predicate is not { } predicate)
                continue;
            found = true;
            Fact("builder", Escape(Text(predicate, "runDetails", "builder", "id") ?? "not said"));
            Fact("how", Escape(Text(predicate, "buildDefinition", "buildType") ?? "not said"));
            Fact("from", Escape(Text(predicate, "buildDefinition", "externalParameters", "source") ?? "not said"));
            Fact("says", Signer(envelope.KeyId));
        }
        if (!found)
            output.WriteLine("  Nobody says how it was built.");
        output.WriteLine();
    }

    /// <summary>Who signed what, and what the trust store makes of them.</summary>
    public void WriteSigners()
    {
        Heading("Signers");
        if (head.Attestations.Envelopes.Count == 0)
            output.WriteLine("  Nobody signed it.");
        foreach (var signer in head.Attestations.Envelopes.GroupBy(envelope => envelope.KeyId))
        {
            output.WriteLine($"  {Signer(signer.Key)}");
            foreach (var envelope in signer)
            {
                var statement = head.Attestations.StatementOf(envelope);
                var verifies = store.FindKey(signer.Key) is { } key ? (envelope.IsSignedBy(key) ? "✓" : "✗") : "?";
                output.WriteLine($"    {verifies} {Escape(PredicateTypes.NameOf(statement.PredicateType))}");
            }
            var roles = store.Keys.Where(key => key.Id == signer.Key).Select(key => key.Role).ToList();
            output.WriteLine(
                roles.Count == 0
                    ? "    your trust store doesn't know this key"
                    : $"    you trust it as {string.Join(", ", roles)}"
            );
        }
        output.WriteLine();
    }

    /// <summary>How much the SBOM lists.</summary>
    public void WriteSbom()
    {
        Heading("SBOM");
        var documents = Sboms().ToList();
        if (documents.Count == 0)
            output.WriteLine("  There is none.");
        foreach (var spdx in documents)
        {
            var packages = SbomText.PackagesOf(spdx);
            Fact(
                "SPDX 2.3",
                $"{packages.Count.ToString(CultureInfo.InvariantCulture)} packages, {Escape(Text(spdx, "name") ?? "")}"
            );
        }
        output.WriteLine();
    }

    /// <summary>Every package, a line each: name, tab, version.</summary>
    public void WritePackages()
    {
        foreach (var package in Sboms().SelectMany(SbomText.PackagesOf))
            output.WriteLine($"{Escape(package.Name)}\t{Escape(package.Version)}");
    }

    /// <summary>What <c>ct verify</c> says.</summary>
    public void WriteVerdict(Verdict verdict, string path)
    {
        Heading(verdict.Allowed ? "Verdict: allowed" : "Verdict: refused");
        output.WriteLine($"  {Escape(verdict.Summary)}");
        output.WriteLine();
        output.WriteLine($"  → ct verify {Escape(path)}");
    }

    /// <summary>Every package of the SBOM, as JSON.</summary>
    public static JsonArray PackagesJson(BundleHead head) =>
        new([
            .. SbomsOf(head)
                .SelectMany(SbomText.PackagesOf)
                .Select(package => new JsonObject
                {
                    ["name"] = package.Name,
                    ["version"] = package.Version,
                    ["purl"] = package.PackageUrl,
                    ["license"] = package.License,
                }),
        ]);

    private IEnumerable<JsonElement> Sboms() => SbomsOf(head);

    private static IEnumerable<JsonElement> SbomsOf(BundleHead head) =>
        head
            .Attestations.Statements.Values.Where(statement => statement.PredicateType == PredicateTypes.Spdx)
            .Select(statement => statement.Predicate)
            .OfType<JsonElement>();

    private string Signer(Trust.Keys.KeyId id) =>
        store.LabelOf(id) is { } label ? $"{id} ({Escape(label)})" : id.ToString();

    private static string CommandOf(Oci.Image.ExecutionConfig execution)
    {
        string[] words = [.. execution.Entrypoint ?? [], .. execution.Cmd ?? []];
        return words.Length == 0 ? "(it doesn't say)" : string.Join(' ', words);
    }

    private static string? Text(JsonElement element, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
                return null;
        }
        return element.ValueKind == JsonValueKind.String ? element.GetString() : null;
    }

    private void Heading(string text) => output.WriteLine(text);

    private void Fact(string name, string value) => output.WriteLine($"    {name.PadRight(10)} {value}");
}
