using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Oci.Json;

/// <summary>
/// RFC 8785, the JSON Canonicalization Scheme: members sorted by UTF-16 code units, no white space, the shortest
/// escapes, numbers as ECMAScript prints them. One value has one byte form, which can be hashed and compared.
/// </summary>
public static class CanonicalJson
{
    /// <summary>The canonical bytes of a parsed value.</summary>
    /// <exception cref="FormatException">A number is not a finite double, or a text is not Unicode.</exception>
    public static byte[] Write(JsonElement value)
    {
        var output = new ArrayBufferWriter<byte>(256);
        WriteValue(value, output);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>The canonical bytes of a value made in code.</summary>
    /// <exception cref="FormatException">A number is not a finite double, or a text is not Unicode.</exception>
    public static byte[] Write(JsonNode? value)
    {
        var plain = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(plain))
        {
            if (value is null)
                writer.WriteNullValue();
            else
                value.WriteTo(writer);
        }
        return Canonicalize(plain.WrittenMemory);
    }

    /// <summary>The canonical bytes of a record of a source-generated context.</summary>
    /// <exception cref="FormatException">A number is not a finite double, or a text is not Unicode.</exception>
    public static byte[] Write<T>(T value, JsonTypeInfo<T> type) =>
        Canonicalize(JsonSerializer.SerializeToUtf8Bytes(value, type));

    /// <summary>Whether these bytes are a JSON document in its canonical form. False, not an error, for anything else.</summary>
    public static bool IsCanonical(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            using var document = StrictJson.Parse(utf8, "document");
            return IsCanonical(utf8.Span, document.RootElement);
        }
        catch (FormatException)
        {
            return false;
        }
    }

    /// <summary>Whether <paramref name="utf8"/>, which was parsed to <paramref name="root"/>, is canonical.</summary>
    /// <exception cref="FormatException">A number is not a finite double.</exception>
    public static bool IsCanonical(ReadOnlySpan<byte> utf8, JsonElement root)
    {
        var output = new ArrayBufferWriter<byte>(Math.Max(utf8.Length, 16));
        WriteValue(root, output);
        return output.WrittenSpan.SequenceEqual(utf8);
    }

    private static byte[] Canonicalize(ReadOnlyMemory<byte> utf8)
    {
        using var document = StrictJson.Parse(utf8, "document");
        return Write(document.RootElement);
    }

    private static void WriteValue(JsonElement value, ArrayBufferWriter<byte> output)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(value, output);
                break;
            case JsonValueKind.Array:
                output.Write("["u8);
                var first = true;
                foreach (var item in value.EnumerateArray())
                {
                    if (!first)
                        output.Write(","u8);
                    first = false;
                    WriteValue(item, output);
                }
                output.Write("]"u8);
                break;
            case JsonValueKind.String:
                var raw = JsonMarshal.GetRawUtf8Value(value);
                // What stands unescaped in a JSON text is already in its shortest form.
                if (raw.Contains((byte)'\\'))
                    WriteText(value.GetString()!, output);
                else
                    output.Write(raw);
                break;
            case JsonValueKind.Number:
                output.Write(Encoding.ASCII.GetBytes(EcmaScriptNumber.Format(value.GetDouble())));
                break;
            case JsonValueKind.True:
                output.Write("true"u8);
                break;
            case JsonValueKind.False:
                output.Write("false"u8);
                break;
            case JsonValueKind.Null:
                output.Write("null"u8);
                break;
            case JsonValueKind.Undefined:
                throw new FormatException("There is no value to write.");
        }
    }

    private static void WriteObject(JsonElement value, ArrayBufferWriter<byte> output)
    {
        var members = new List<(string Name, JsonElement Value)>(value.GetPropertyCount());
        foreach (var member in value.EnumerateObject())
            members.Add((member.Name, member.Value));
        members.Sort(static (a, b) => string.CompareOrdinal(a.Name, b.Name));
        output.Write("{"u8);
        for (var i = 0; i < members.Count; i++)
        {
            if (i > 0)
                output.Write(","u8);
            WriteText(members[i].Name, output);
            output.Write(":"u8);
            WriteValue(members[i].Value, output);
        }
        output.Write("}"u8);
    }

    private static void WriteText(string text, ArrayBufferWriter<byte> output)
    {
        output.Write("\""u8);
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c >= ' ' && c != '"' && c != '\\')
                continue;
            WritePlain(text.AsSpan(start, i - start), output);
            start = i + 1;
            ReadOnlySpan<byte> escape = c switch
            {
                '"' => "\\\""u8,
                '\\' => "\\\\"u8,
                '\b' => "\\b"u8,
                '\t' => "\\t"u8,
                '\n' => "\\n"u8,
                '\f' => "\\f"u8,
                '\r' => "\\r"u8,
                _ => Encoding.ASCII.GetBytes($"\\u{(int)c:x4}"),
            };
            output.Write(escape);
        }
        WritePlain(text.AsSpan(start), output);
        output.Write("\""u8);
    }

    private static void WritePlain(ReadOnlySpan<char> text, ArrayBufferWriter<byte> output)
    {
        if (text.IsEmpty)
            return;
        try
        {
            var written = StrictUtf8.GetBytes(text, output.GetSpan(StrictUtf8.GetMaxByteCount(text.Length)));
            output.Advance(written);
        }
        catch (EncoderFallbackException e)
        {
            throw new FormatException("A text holds half of a surrogate pair.", e);
        }
    }

    private static readonly UTF8Encoding StrictUtf8 = new(
        encoderShouldEmitUTF8Identifier: false,
        throwOnInvalidBytes: true
    );
}
