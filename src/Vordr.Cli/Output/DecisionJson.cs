using System.Text.Json.Serialization;
using Vordr.Decisions;

namespace Vordr.Cli.Output;

/// <summary>A decision as <c>explain --json</c> prints it; its verdict has the form of every verdict.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(Decision))]
internal sealed partial class DecisionJson : JsonSerializerContext;
