using System.Text.Json;
using System.Text.Json.Serialization;

namespace Vordr.Cli.Output;

/// <summary>Documents that come ready-made.</summary>
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class JsonElements : JsonSerializerContext;
