using System.Text.Json.Serialization;
using Vordr.Client.Bundles;
using Vordr.Client.Containers;
using Vordr.Client.Errors;
using Vordr.Client.Health;
using Vordr.Client.Networks;

namespace Vordr.Client.Binding;

/// <summary>
/// Every record that crosses the wire. Strict: unknown and duplicate members, nulls where a value is required,
/// numbers in strings, comments, trailing commas and depth over 64 are refused.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    NumberHandling = JsonNumberHandling.Strict,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false,
    MaxDepth = 64
)]
[JsonSerializable(typeof(CreateRequest))]
[JsonSerializable(typeof(StartRequest))]
[JsonSerializable(typeof(StopRequest))]
[JsonSerializable(typeof(RemoveRequest))]
[JsonSerializable(typeof(ListRequest))]
[JsonSerializable(typeof(InspectRequest))]
[JsonSerializable(typeof(LogsRequest))]
[JsonSerializable(typeof(ExecRequest))]
[JsonSerializable(typeof(CreateAnswer))]
[JsonSerializable(typeof(ContainerState))]
[JsonSerializable(typeof(RemoveAnswer))]
[JsonSerializable(typeof(ContainerList))]
[JsonSerializable(typeof(ContainerDetails))]
[JsonSerializable(typeof(LogsAnswer))]
[JsonSerializable(typeof(ExecAnswer))]
[JsonSerializable(typeof(ImagesRequest))]
[JsonSerializable(typeof(ImageList))]
[JsonSerializable(typeof(VerifyRequest))]
[JsonSerializable(typeof(VerifyAnswer))]
[JsonSerializable(typeof(BundleLoadRequest))]
[JsonSerializable(typeof(BundleAnswer))]
[JsonSerializable(typeof(NetworkListRequest))]
[JsonSerializable(typeof(NetworkList))]
[JsonSerializable(typeof(NetworkCreateRequest))]
[JsonSerializable(typeof(NetworkSummary))]
[JsonSerializable(typeof(HealthRequest))]
[JsonSerializable(typeof(HealthAnswer))]
[JsonSerializable(typeof(ErrorObject))]
public sealed partial class WireJson : JsonSerializerContext;
