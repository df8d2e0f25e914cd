using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;

namespace Oci.Json;

/// <summary>
/// JSON as this stack takes it from strangers: RFC 8259 without its latitude. A byte order mark, invalid UTF-8, lone
/// surrogates, duplicate members, depth over 64, comments, trailing commas and trailing data are refused, so that two
/// readers can't understand one document differently.
/// </summary>
public static class StrictJson
{
    /// <summary>Deepest nesting that is read.</summary>
    public const int MaxDepth = 64;

    private static readonly JsonDocumentOptions DocumentOptions = new()
    {
        AllowDuplicateProperties = false,
        MaxDepth = MaxDepth,
    };

    /// <summary>
    /// Parses one document. The caller disposes of it; it refers to <paramref name="utf8"/>, which must not change.
    /// </summary>
    /// <param name="utf8">The whole document.</param>
    /// <param name="what">What it is, for the message: <c>manifest of the image</c>.</param>
    /// <exception cref="FormatException">Not such JSON; the message says what and where (RFC 6901 pointer).</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> utf8, string what)
    {
        RefuseBytes(utf8.Span, what);
        try
        {
            var document = JsonDocument.Parse(utf8, DocumentOptions);
            // Lone surrogates only show in escapes; a document without a backslash has none.
            if (utf8.Span.Contains((byte)'\\') && JsonFault.Find(utf8.Span) is { } fault)
            {
                document.Dispose();
                throw fault.ToException(what);
            }
            return document;
        }
        // InvalidOperationException is how it tells of a member name with half of a surrogate pair.
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw (JsonFault.Find(utf8.Span) ?? new JsonFault("", Trim(e.Message))).ToException(what, e);
        }
    }

    /// <summary>Parses one document and binds it to a record of a source-generated context.</summary>
    /// <exception cref="FormatException">Not such JSON, or not of this shape; the message says what and where.</exception>
    public static T Deserialize<T>(ReadOnlySpan<byte> utf8, JsonTypeInfo<T> type, string what)
        where T : notnull
    {
        using var document = Parse(utf8.ToArray(), what);
        return Deserialize(document.RootElement, type, what);
    }

    /// <summary>Binds a parsed element to a record; the pointers of errors start at this element.</summary>
    /// <exception cref="FormatException">Not of this shape; the message says what and where.</exception>
    public static T Deserialize<T>(JsonElement element, JsonTypeInfo<T> type, string what)
        where T : notnull
    {
        ArgumentNullException.ThrowIfNull(type);
        try
        {
            return element.Deserialize(type)
                ?? throw new JsonFault("", "null stands where a value must").ToException(what);
        }
        catch (JsonException e)
        {
            throw JsonFault.OfBinding(e).ToException(what, e);
        }
        catch (InvalidOperationException e)
        {
            // The serializer reports some conversions (an escaped lone surrogate in a member name) this way.
            throw new JsonFault("", Trim(e.Message)).ToException(what, e);
        }
    }

    private static void RefuseBytes(ReadOnlySpan<byte> utf8, string what)
    {
        if (utf8.StartsWith(Encoding.UTF8.Preamble))
            throw new FormatException($"{what}: begins with a byte order mark");
        if (!Utf8.IsValid(utf8))
            throw new FormatException($"{what}: is not UTF-8");
    }

    internal static string Trim(string message)
    {
        // "… LineNumber: 0 | BytePositionInLine: 3." says nothing to people who see a pointer.
        var end = message.IndexOf(" Path: ", StringComparison.Ordinal);
        if (end < 0)
            end = message.IndexOf(" LineNumber: ", StringComparison.Ordinal);
        return (end < 0 ? message : message[..end]).TrimEnd('.', ' ');
    }
}
