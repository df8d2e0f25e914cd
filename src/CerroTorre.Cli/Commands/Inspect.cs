using System.CommandLine;
using System.Text.Json.Nodes;
using CerroTorre.Bundles;
using CerroTorre.Cli.Hosting;
using Oci;
using Oci.Errors;
using Trust.Attestations;

namespace CerroTorre.Cli.Commands;

/// <summary><c>ct inspect FILE</c>: always JSON.</summary>
internal static class Inspect
{
    public static Command Create(CtHost host)
    {
        var bundle = new Argument<string>("FILE") { Description = "The bundle, or - for standard input" };
        var sbom = new Option<bool>("--sbom") { Description = "Print the SBOM itself" };
        var provenance = new Option<bool>("--provenance") { Description = "Print the provenance itself" };
        var command = new ExampleCommand(
            "inspect",
            "Print what a bundle holds as JSON. Digests are checked; whom to trust is ct verify's to say",
            "ct inspect web.ctp",
            "ct inspect web.ctp --sbom > web.spdx.json"
        )
        {
            bundle,
            sbom,
            provenance,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                await using var stream = BundleFile.Open(parsed.GetValue(bundle)!, host);
                using var reader = new BundleReader(stream);
                var head = await reader.ReadHeadAsync(cancellationToken);
                var digest = await reader.VerifyRestAsync(cancellationToken);
                if (parsed.GetValue(sbom))
                    WritePredicate(host, head, PredicateTypes.Spdx, PredicateTypes.CycloneDx);
                else if (parsed.GetValue(provenance))
                    WritePredicate(host, head, PredicateTypes.SlsaProvenance);
                else
                    JsonText.Write(host.Out, JsonOf(head, digest));
                return ExitCodes.Ok;
            }
        );
        return command;
    }

    /// <summary>A bundle as JSON.</summary>
    public static JsonObject JsonOf(BundleHead head, Digest bundle) =>
        new()
        {
            ["bundle"] = bundle.ToString(),
            ["image"] = head.Root.Digest.ToString(),
            ["summary"] = head.Summary.ToJson(),
            ["package"] = JsonOf(head.PackageManifest),
            ["images"] = new JsonArray([.. head.Images.Select(JsonOf)]),
            ["statements"] = new JsonArray([
                .. head.Attestations.Envelopes.Select(e => StatementJson(head.Attestations, e)),
            ]),
        };

    private static JsonObject JsonOf(Packages.PackageManifest package)
    {
        var annotations = new JsonObject();
        foreach (var (key, value) in package.Annotations)
            annotations[key] = value;
        return new JsonObject
        {
            ["name"] = package.Name,
            ["version"] = package.Version,
            ["created"] = Times.Text(package.Created),
            ["description"] = package.Description,
            ["license"] = package.License,
            ["source"] = package.Source,
            ["annotations"] = annotations,
        };
    }

    private static JsonObject JsonOf(BundleImage image) =>
        new()
        {
            ["platform"] = image.Platform.ToString(),
            ["runnable"] = image.IsRunnable,
            ["manifest"] = image.Descriptor.Digest.ToString(),
            ["mediaType"] = image.Descriptor.MediaType,
            ["config"] = image.Manifest.Config.Digest.ToString(),
            ["layers"] = new JsonArray([
                .. image.Manifest.Layers.Select(layer => new JsonObject
                {
                    ["digest"] = layer.Digest.ToString(),
                    ["mediaType"] = layer.MediaType,
                    ["size"] = layer.Size,
                }),
            ]),
            ["execution"] = image.Config?.Config is { } execution ? ExecutionJson(execution) : null,
        };

    private static JsonObject ExecutionJson(Oci.Image.ExecutionConfig execution) =>
        new()
        {
            ["user"] = execution.User,
            ["entrypoint"] = JsonText.ArrayOf(execution.Entrypoint ?? []),
            ["command"] = JsonText.ArrayOf(execution.Cmd ?? []),
            ["env"] = JsonText.ArrayOf(execution.Env ?? []),
            ["workdir"] = execution.WorkingDir,
            ["ports"] = JsonText.ArrayOf(execution.ExposedPorts?.Keys ?? []),
            ["volumes"] = JsonText.ArrayOf(execution.Volumes?.Keys ?? []),
        };

    private static JsonObject StatementJson(AttestationSet set, Trust.Dsse.Envelope envelope)
    {
        var statement = set.StatementOf(envelope);
        return new JsonObject
        {
            ["predicateType"] = statement.PredicateType,
            ["subjects"] = new JsonArray([
                .. statement.Subjects.Select(s => new JsonObject
                {
                    ["name"] = s.Name,
                    ["digest"] = s.Sha256?.ToString(),
                }),
            ]),
            ["signer"] = envelope.KeyId.ToString(),
            ["payload"] = envelope.PayloadDigest.ToString(),
        };
    }

    private static void WritePredicate(CtHost host, BundleHead head, params ReadOnlySpan<string> types)
    {
        foreach (var type in types)
        {
            var statement = head.Attestations.Statements.Values.FirstOrDefault(s => s.PredicateType == type);
            if (statement?.Predicate is not { } predicate)
                continue;
            JsonText.Write(host.Out, JsonObject.Create(predicate)!);
            return;
        }
        throw new PublicError(
            ErrorId.NotFound,
            $"{head.PackageManifest.Reference} has no {PredicateTypes.NameOf(types[0])}"
        );
    }
}
