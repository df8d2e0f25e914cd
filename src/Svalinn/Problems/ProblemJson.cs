using System.Text.Json;
using System.Text.Json.Serialization;

namespace Svalinn.Problems;

/// <summary>How problems are written.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Problem))]
internal sealed partial class ProblemJson : JsonSerializerContext;
