using System.Text.Json;
using System.Text.Json.Nodes;
using CerroTorre.Packages;
using Oci.Errors;
using Oci.Json;
using Trust.Attestations;

namespace CerroTorre.Statements;

/// <summary>A predicate that somebody else's tool made: <c>--sbom FILE</c>, <c>--provenance FILE</c>.</summary>
/// <param name="Type">Its predicate type.</param>
/// <param name="Value">The predicate.</param>
public sealed record GivenPredicate(string Type, JsonObject Value)
{
    private const int MaxSize = 32 * 1024 * 1024;

    /// <summary>Reads an SBOM: SPDX 2.3 or CycloneDX, as JSON.</summary>
    /// <exception cref="PublicError">It is neither, or can't be read.</exception>
    public static async Task<GivenPredicate> ReadSbomAsync(string path, CancellationToken cancellationToken)
    {
        var json = await ReadAsync(path, cancellationToken);
        if (Text(json, "spdxVersion") == "SPDX-2.3")
            return new GivenPredicate(PredicateTypes.Spdx, json);
        if (Text(json, "bomFormat") == "CycloneDX")
            return new GivenPredicate(PredicateTypes.CycloneDx, json);
        throw new PublicError(
            ErrorId.Usage,
            $"{Shown(path)} is neither SPDX 2.3 (\"spdxVersion\": \"SPDX-2.3\") nor CycloneDX (\"bomFormat\": \"CycloneDX\") in JSON"
        );
    }

    /// <summary>Reads SLSA provenance v1: the predicate, without a statement around it.</summary>
    /// <exception cref="PublicError">It isn't, or can't be read.</exception>
    public static async Task<GivenPredicate> ReadProvenanceAsync(string path, CancellationToken cancellationToken)
    {
        var json = await ReadAsync(path, cancellationToken);
        if (json["buildDefinition"] is JsonObject && json["runDetails"] is JsonObject)
            return new GivenPredicate(PredicateTypes.SlsaProvenance, json);
        throw new PublicError(
            ErrorId.Usage,
            $"{Shown(path)} is not an SLSA provenance v1 predicate (an object with buildDefinition and runDetails)"
        );
    }

    private static async Task<JsonObject> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            if (new FileInfo(path).Length > MaxSize)
                throw new PublicError(ErrorId.TooLarge, $"{Shown(path)} has more than {MaxSize} bytes");
            using var document = StrictJson.Parse(
                await File.ReadAllBytesAsync(path, cancellationToken),
                "the document"
            );
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? JsonObject.Create(document.RootElement.Clone())!
                : throw new PublicError(ErrorId.Usage, $"{Shown(path)} is not a JSON object");
        }
        catch (FormatException error)
        {
            throw new PublicError(ErrorId.Usage, $"{Shown(path)}: {error.Message}", error);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new PublicError(ErrorId.NotFound, $"there is no file '{Shown(path)}'", error);
        }
    }

    private static string? Text(JsonObject json, string name) =>
        json[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static string Shown(string path) => ShownText.Of(path, 300);
}
