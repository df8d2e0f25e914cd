using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Vordr.Client.Binding;

/// <summary>JSON Schemas (2020-12), exported from the records that do the validating.</summary>
public static class WireSchema
{
    /// <summary>The schema of <paramref name="type"/>.</summary>
    public static JsonNode Of(JsonTypeInfo type) => throw new NotImplementedException();
}
