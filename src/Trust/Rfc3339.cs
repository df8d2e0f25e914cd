using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Trust;

/// <summary>Times as this project's own documents write them: UTC, whole seconds, <c>2026-11-23T00:00:00Z</c>.</summary>
public sealed class Rfc3339 : JsonConverter<DateTimeOffset>
{
    private const string Form = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    /// <summary>The time as it is written.</summary>
    public static string Format(DateTimeOffset time) =>
        time.ToUniversalTime().ToString(Form, CultureInfo.InvariantCulture);

    /// <summary>The time without its fraction of a second, as it will be read back.</summary>
    public static DateTimeOffset Truncate(DateTimeOffset time) =>
        new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero);

    /// <inheritdoc/>
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String
        && DateTimeOffset.TryParseExact(
            reader.GetString(),
            Form,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var time
        )
            ? time
            : throw new JsonException("expected a UTC time like 2026-11-23T00:00:00Z");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(Format(value));
}

/// <summary>As <see cref="Rfc3339"/>, where the time may be absent; a null that is written is refused all the same.</summary>
public sealed class NullableRfc3339 : JsonConverter<DateTimeOffset?>
{
    private static readonly Rfc3339 s_inner = new();

    /// <inheritdoc/>
    public override bool HandleNull => true;

    /// <inheritdoc/>
    public override DateTimeOffset? Read(
        ref Utf8JsonReader reader,
        Type typeToConvert,
        JsonSerializerOptions options
    ) => s_inner.Read(ref reader, typeof(DateTimeOffset), options);

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, DateTimeOffset? value, JsonSerializerOptions options)
    {
        if (value is { } time)
            s_inner.Write(writer, time, options);
        else
            writer.WriteNullValue();
    }
}
