using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Vordr.Containers;

/// <summary>A container's id: 64 lower-case hex digits, drawn at random. Immutable; safe to share.</summary>
[JsonConverter(typeof(ContainerIdJsonConverter))]
public readonly record struct ContainerId
{
    private readonly string? _hex;

    private ContainerId(string hex) => _hex = hex;

    /// <summary>The first 12 digits, which people see and type.</summary>
    public string Short => ToString()[..12];

    /// <summary>A new random id.</summary>
    public static ContainerId New() => new(RandomNumberGenerator.GetHexString(64, lowercase: true));

    /// <summary>Reads 64 lower-case hex digits.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out ContainerId id)
    {
        var valid = text is { Length: 64 } && text.All(char.IsAsciiHexDigitLower);
        id = valid ? new ContainerId(text!) : default;
        return valid;
    }

    /// <summary>As <see cref="TryParse"/>, for text that must be an id.</summary>
    /// <exception cref="FormatException">The text isn't one.</exception>
    public static ContainerId Parse(string text) =>
        TryParse(text, out var id) ? id : throw new FormatException("Not a container id.");

    /// <summary>All 64 digits.</summary>
    public override string ToString() => _hex ?? new string('0', 64);
}

/// <summary>Writes a <see cref="ContainerId"/> as its text.</summary>
public sealed class ContainerIdJsonConverter : JsonConverter<ContainerId>
{
    /// <inheritdoc/>
    public override ContainerId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && ContainerId.TryParse(reader.GetString(), out var id)
            ? id
            : throw new JsonException("expected a container id, 64 lower-case hex digits");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, ContainerId value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
