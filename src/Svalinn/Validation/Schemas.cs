using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Svalinn.Hosting;
using Svalinn.Problems;
using Vordr.Client.Binding;

namespace Svalinn.Validation;

/// <summary>
/// The documents of REST, each by the record that binds or writes it. <c>schemas/</c> is exported from this table; a
/// test holds it to that.
/// </summary>
internal static class Schemas
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        IndentSize = 2,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Every document, by the name of its file.</summary>
    public static IReadOnlyDictionary<string, JsonTypeInfo> All { get; } =
        new SortedDictionary<string, JsonTypeInfo>(StringComparer.Ordinal)
        {
            ["container"] = WireJson.Default.ContainerDetails,
            ["container-created"] = SvalinnJson.Default.CreatedContainer,
            ["container-list"] = WireJson.Default.IReadOnlyListContainerSummary,
            ["container-state"] = WireJson.Default.ContainerState,
            ["create-container"] = SvalinnJson.Default.CreateBody,
            ["decision"] = SvalinnJson.Default.DecisionAnswer,
            ["exec"] = SvalinnJson.Default.ExecBody,
            ["exec-result"] = WireJson.Default.ExecAnswer,
            ["health"] = SvalinnJson.Default.HealthAnswer,
            ["image-list"] = WireJson.Default.IReadOnlyListImageSummary,
            ["logs"] = WireJson.Default.LogsAnswer,
            ["policies"] = SvalinnJson.Default.PolicySummaryArray,
            ["problem"] = ProblemJson.Default.Problem,
            ["stop-container"] = SvalinnJson.Default.StopBody,
            ["upload-result"] = SvalinnJson.Default.UploadAnswer,
            ["verify"] = SvalinnJson.Default.VerifyBody,
            ["verify-result"] = SvalinnJson.Default.VerifyResult,
        };

    /// <summary>The text of a schema's file (JSON Schema 2020-12).</summary>
    public static string Text(string name)
    {
        var schema = WireSchema.Of(All[name]).AsObject();
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.Insert(1, "$id", $"https://verified-container.org/schemas/{name}.json");
        return schema.ToJsonString(Readable) + "\n";
    }
}
