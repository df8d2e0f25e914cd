using System.Text.Json;

namespace Vordr.Client.Tools;

/// <summary>A successful tool result, undecoded, to be handed through.</summary>
/// <param name="Content">The structured content; <c>JsonMarshal.GetRawUtf8Value</c> gives its bytes.</param>
public readonly record struct ToolAnswer(JsonElement Content);
