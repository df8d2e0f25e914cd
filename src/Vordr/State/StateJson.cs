using System.Text.Json;
using System.Text.Json.Serialization;
using Vordr.Containers;
using Vordr.Networks;

namespace Vordr.State;

/// <summary>Records that are kept as JSON in a column.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(PublishedPortJsonConverter)]
)]
[JsonSerializable(typeof(ContainerOptions))]
[JsonSerializable(typeof(ExecOutcome))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, string>))]
internal sealed partial class StateJson : JsonSerializerContext;

/// <summary>Keeps a port in the form in which people write it.</summary>
internal sealed class PublishedPortJsonConverter : JsonConverter<PublishedPort>
{
    public override PublishedPort Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        PublishedPort.Parse(reader.GetString() ?? throw new JsonException("expected a port mapping"));

    public override void Write(Utf8JsonWriter writer, PublishedPort value, JsonSerializerOptions options) =>
        writer.WriteStringValue($"{value.HostSide()}:{value.ContainerPort}/{value.ProtocolName}");
}
