using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Oci;
using Oci.Errors;

namespace Vordr.Client.Binding;

/// <summary>
/// Binds a document to a strict record, and where it can't, says where (JSON pointer) and what would be right.
/// The gateway uses it for REST bodies, Vörðr for tool arguments: one name for a thing, one way to be told.
/// <para>
/// The walk below finds what people get wrong (names, missing members, kinds) over the serializer's own metadata;
/// the serializer then binds and has the last word, so the two cannot disagree in the caller's favour.
/// </para>
/// </summary>
public static class StrictBinding
{
    private static readonly JsonDocumentOptions Strict = new()
    {
        AllowDuplicateProperties = false,
        AllowTrailingCommas = false,
        CommentHandling = JsonCommentHandling.Disallow,
        MaxDepth = 64,
    };

    /// <summary>The record that <paramref name="document"/> describes.</summary>
    /// <exception cref="PublicError"><see cref="ErrorId.Usage"/> with the JSON pointer of the fault.</exception>
    public static T Bind<T>(ReadOnlyMemory<byte> document, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            using var parsed = JsonDocument.Parse(document, Strict);
            return Bind(parsed.RootElement, type);
        }
        catch (JsonException e)
        {
            throw new PublicError(ErrorId.Usage, $"The body is not one well-formed JSON document{Place(e)}.", e)
            {
                Pointer = "",
            };
        }
    }

    /// <inheritdoc cref="Bind{T}(ReadOnlyMemory{byte}, JsonTypeInfo{T})"/>
    public static T Bind<T>(JsonElement document, JsonTypeInfo<T> type)
        where T : class
    {
        Check(document, type, "", root: type);
        try
        {
            return document.Deserialize(type) ?? throw Fault("", "is null, and must be an object");
        }
        catch (JsonException e)
        {
            var pointer = JsonPointer.FromPath(e.Path);
            throw new PublicError(ErrorId.Usage, $"{Where(pointer)} is not what it must be.", e) { Pointer = pointer };
        }
    }

    private static void Check(JsonElement value, JsonTypeInfo type, string pointer, JsonTypeInfo root)
    {
        switch (type.Kind)
        {
            case JsonTypeInfoKind.Object:
                Expect(value, JsonValueKind.Object, "an object", pointer);
                CheckMembers(value, type, pointer, root);
                break;
            case JsonTypeInfoKind.Enumerable:
                Expect(value, JsonValueKind.Array, "an array", pointer);
                var element = type.Options.GetTypeInfo(type.ElementType!);
                var index = 0;
                foreach (var item in value.EnumerateArray())
                    CheckValue(item, element, nullable: false, $"{pointer}/{index++}", root);
                break;
            case JsonTypeInfoKind.Dictionary:
                Expect(value, JsonValueKind.Object, "an object", pointer);
                var entry = type.Options.GetTypeInfo(type.ElementType!);
                foreach (var member in value.EnumerateObject())
                    CheckValue(member.Value, entry, nullable: false, JsonPointer.Append(pointer, member.Name), root);
                break;
            case JsonTypeInfoKind.None:
                CheckScalar(value, type.Type, pointer);
                break;
            default:
                throw new NotSupportedException($"A wire record of kind {type.Kind}.");
        }
    }

    private static void CheckMembers(JsonElement value, JsonTypeInfo type, string pointer, JsonTypeInfo root)
    {
        foreach (var member in value.EnumerateObject())
        {
            var place = JsonPointer.Append(pointer, member.Name);
            var known = type.Properties.FirstOrDefault(property => property.Name == member.Name);
            if (known is null)
                throw Unknown(member.Name, place, MemberNames.Propose(member.Name, type, pointer, root));
            CheckValue(
                member.Value,
                type.Options.GetTypeInfo(known.PropertyType),
                nullable: known.IsSetNullable && !known.IsRequired,
                place,
                root
            );
        }
        foreach (var property in type.Properties)
        {
            if (property.IsRequired && !value.TryGetProperty(property.Name, out _))
                throw Fault(JsonPointer.Append(pointer, property.Name), "is missing, and required");
        }
    }

    private static void CheckValue(
        JsonElement value,
        JsonTypeInfo type,
        bool nullable,
        string pointer,
        JsonTypeInfo root
    )
    {
        if (value.ValueKind != JsonValueKind.Null)
            Check(value, type, pointer, root);
        else if (!nullable)
            throw Fault(pointer, "is null, and must have a value");
    }

    private static void CheckScalar(JsonElement value, Type type, string pointer)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string))
            Expect(value, JsonValueKind.String, "a string", pointer);
        else if (type == typeof(bool))
            _ = value.ValueKind is JsonValueKind.True or JsonValueKind.False || Wrong(value, "true or false", pointer);
        else if (type == typeof(int))
            _ =
                (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out _))
                || Wrong(value, "an integer", pointer);
        else if (type == typeof(long))
            _ =
                (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _))
                || Wrong(value, "an integer", pointer);
        else if (type == typeof(Digest))
            _ =
                (value.ValueKind == JsonValueKind.String && Digest.TryParse(value.GetString(), out _))
                || Wrong(value, "a digest, sha256: and 64 lower-case hex digits", pointer);
        else if (type == typeof(DateTimeOffset))
            _ =
                (value.ValueKind == JsonValueKind.String && value.TryGetDateTimeOffset(out _))
                || Wrong(value, "a time as RFC 3339 writes it, 2026-11-24T20:00:00Z", pointer);
    }

    private static void Expect(JsonElement value, JsonValueKind kind, string words, string pointer)
    {
        if (value.ValueKind != kind)
            Wrong(value, words, pointer);
    }

    private static bool Wrong(JsonElement value, string words, string pointer)
    {
        var found = value.ValueKind switch
        {
            JsonValueKind.Object => "an object",
            JsonValueKind.Array => "an array",
            JsonValueKind.String => "a string",
            JsonValueKind.Number => "a number",
            JsonValueKind.True or JsonValueKind.False => "a boolean",
            _ => "null",
        };
        throw Fault(pointer, found == words ? $"must be {words} within range" : $"is {found}, and must be {words}");
    }

    private static PublicError Unknown(string name, string pointer, string? right) =>
        right is null
            ? new PublicError(ErrorId.Usage, $"{Where(pointer)} is not a member of this document.")
            {
                Pointer = pointer,
            }
            : new PublicError(
                ErrorId.Usage,
                $"{Where(pointer)} is not a member of this document; '{name}' is called {right} here.",
                $"use {right}"
            )
            {
                Pointer = pointer,
            };

    private static PublicError Fault(string pointer, string words) =>
        new(ErrorId.Usage, $"{Where(pointer)} {words}.") { Pointer = pointer };

    private static string Where(string pointer) => pointer.Length == 0 ? "The document" : pointer;

    private static string Place(JsonException e) =>
        e is { LineNumber: { } line, BytePositionInLine: { } position }
            ? $" (line {line + 1}, byte {position + 1})"
            : "";
}
