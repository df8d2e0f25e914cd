using System.Text.Json.Serialization;
using Svalinn.Bundles;
using Svalinn.Containers;
using Svalinn.Decisions;
using Svalinn.Health;
using Svalinn.Policies;
using Svalinn.Verification;

namespace Svalinn.Hosting;

/// <summary>
/// The records of REST. As strict as those of the wire to Vörðr: unknown and duplicate members, nulls where a value is
/// required, numbers in strings, comments, trailing commas and depth over 64 are refused.
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
[JsonSerializable(typeof(CreateBody))]
[JsonSerializable(typeof(StopBody))]
[JsonSerializable(typeof(ExecBody))]
[JsonSerializable(typeof(CreatedContainer))]
[JsonSerializable(typeof(VerifyBody))]
[JsonSerializable(typeof(VerifyResult))]
[JsonSerializable(typeof(UploadAnswer))]
[JsonSerializable(typeof(HealthAnswer))]
[JsonSerializable(typeof(ReadyAnswer))]
[JsonSerializable(typeof(DecisionAnswer))]
[JsonSerializable(typeof(PolicySummary[]))]
internal sealed partial class SvalinnJson : JsonSerializerContext;
