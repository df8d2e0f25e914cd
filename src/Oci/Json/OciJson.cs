using System.Text.Json.Serialization;
using Oci.Image;

namespace Oci.Json;

/// <summary>
/// Foreign image documents: unknown members are ignored as the spec demands; duplicate members, comments, trailing
/// commas and depth over 64 are refused.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    AllowDuplicateProperties = false,
    MaxDepth = 64,
    RespectNullableAnnotations = true
)]
[JsonSerializable(typeof(Descriptor))]
[JsonSerializable(typeof(ImageManifest))]
[JsonSerializable(typeof(ImageIndex))]
public sealed partial class OciJson : JsonSerializerContext;

/// <summary>As <see cref="OciJson"/>, for the config, whose member names differ in case from level to level.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    PropertyNameCaseInsensitive = true,
    AllowDuplicateProperties = false,
    MaxDepth = 64
)]
[JsonSerializable(typeof(ImageConfig))]
public sealed partial class OciConfigJson : JsonSerializerContext;
