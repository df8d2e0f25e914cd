using System.ComponentModel;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using Oci;

namespace Vordr.Client.Binding;

/// <summary>JSON Schemas (2020-12), exported from the records that do the validating.</summary>
public static class WireSchema
{
    private static readonly JsonSchemaExporterOptions Options = new()
    {
        TreatNullObliviousAsNonNullable = true,
        TransformSchemaNode = Describe,
    };

    /// <summary>The schema of <paramref name="type"/>.</summary>
    public static JsonNode Of(JsonTypeInfo type) => type.GetJsonSchemaAsNode(Options);

    /// <summary>
    /// The schema of a tool's result: the answer, or the error object. Clients hold failures to it too (the official one
    /// from npm does), so both are in it.
    /// </summary>
    public static JsonElement ResultOf(JsonTypeInfo answer)
    {
        JsonNode[] forms = [Of(answer), Of(WireJson.Default.ErrorObject)];
        for (var i = 0; i < forms.Length; i++)
            MoveReferences(forms[i], $"#/anyOf/{i}");
        var schema = new JsonObject { ["type"] = "object", ["anyOf"] = new JsonArray(forms) };
        return JsonElement.Parse(schema.ToJsonString());
    }

    /// <summary>As <see cref="Of"/>, in the form that protocol records hold.</summary>
    public static JsonElement ElementOf(JsonTypeInfo type) => JsonElement.Parse(Of(type).ToJsonString());

    private static JsonNode Describe(JsonSchemaExporterContext context, JsonNode schema)
    {
        var type = Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type;
        if (type == typeof(Digest))
            schema = Text(context, "pattern", "^sha256:[0-9a-f]{64}$");
        else if (type == typeof(byte[]))
            schema = Text(context, "contentEncoding", "base64");

        // "Anything" is exported as true; clients of the protocol take objects only (MCP, "Tool", outputSchema).
        if (schema.GetValueKind() == JsonValueKind.True)
            schema = new JsonObject();

        if (schema is JsonObject described && Description(context) is { } description)
            described.Insert(0, "description", description);
        return schema;
    }

    /// <summary>References are pointers from the root; beneath another root they begin at <paramref name="place"/>.</summary>
    private static void MoveReferences(JsonNode? node, string place)
    {
        switch (node)
        {
            case JsonObject schema:
                if (schema["$ref"] is JsonValue reference)
                    schema["$ref"] = place + reference.GetValue<string>().TrimStart('#');
                foreach (var (_, member) in schema.ToList())
                    MoveReferences(member, place);
                break;
            case JsonArray schemas:
                foreach (var item in schemas)
                    MoveReferences(item, place);
                break;
        }
    }

    private static JsonObject Text(JsonSchemaExporterContext context, string keyword, string value)
    {
        var nullable = context.PropertyInfo is { IsSetNullable: true, IsRequired: false };
        return new JsonObject { ["type"] = nullable ? new JsonArray("string", "null") : "string", [keyword] = value };
    }

    private static string? Description(JsonSchemaExporterContext context)
    {
        return Words(context.PropertyInfo?.AttributeProvider) ?? Words(context.TypeInfo.Type);

        static string? Words(ICustomAttributeProvider? source) =>
            source
                ?.GetCustomAttributes(typeof(DescriptionAttribute), inherit: false)
                .OfType<DescriptionAttribute>()
                .FirstOrDefault()
                ?.Description;
    }
}
