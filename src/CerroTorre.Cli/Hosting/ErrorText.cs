using System.Text.Json.Nodes;
using Oci.Errors;
using Trust.Verdicts;

namespace CerroTorre.Cli.Hosting;

/// <summary>Errors as people and scripts read them: what failed, the facts, why it matters, what to do.</summary>
internal static class ErrorText
{
    /// <summary>Writes the error to stderr and returns its exit code.</summary>
    public static int Write(CtHost host, bool asJson, PublicError error)
    {
        if (asJson)
            JsonText.Write(host.Error, ToJson(error));
        else
            WriteText(host.Error, error);
        return ExitCodes.Of(error);
    }

    private static void WriteText(TextWriter output, PublicError error)
    {
        output.WriteLine($"✗ {error.Id.Title}");
        output.WriteLine();
        output.WriteLine($"    {ForeignText.Escape(error.Message)}");
        if (error.Suggestions.Count > 0)
            output.WriteLine();
        foreach (var suggestion in error.Suggestions)
            output.WriteLine($"  → {suggestion}");
    }

    private static JsonObject ToJson(PublicError error) =>
        new()
        {
            ["id"] = error.Id.Name,
            ["title"] = error.Id.Title,
            ["message"] = error.Message,
            ["suggestions"] = new JsonArray([.. error.Suggestions.Select(s => (JsonNode)s)]),
            ["verdict"] = error.Verdict?.DeepClone(),
        };
}
