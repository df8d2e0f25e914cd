using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Oci.Json;

/// <summary>What is wrong in a JSON document, and where (RFC 6901); the slow second look after a refusal.</summary>
internal sealed record JsonFault(string Pointer, string Reason)
{
    /// <summary>Walks the document token by token until the first fault; null when there is none.</summary>
    public static JsonFault? Find(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = StrictJson.MaxDepth });
        var path = new Stack<Level>();
        try
        {
            while (reader.Read())
            {
                switch (reader.TokenType)
                {
                    case JsonTokenType.PropertyName:
                        var level = path.Peek();
                        level.Name = Text(ref reader);
                        if (level.Name is null)
                            return new(PointerOf(path, parent: true), "a member name holds half of a surrogate pair");
                        if (!level.Names!.Add(level.Name))
                            return new(PointerOf(path), "the member stands twice");
                        break;
                    case JsonTokenType.StartObject:
                        path.TryPeek(out var outer);
                        outer?.Next();
                        path.Push(new Level { Names = new(StringComparer.Ordinal) });
                        break;
                    case JsonTokenType.StartArray:
                        path.TryPeek(out outer);
                        outer?.Next();
                        path.Push(new Level());
                        break;
                    case JsonTokenType.EndObject or JsonTokenType.EndArray:
                        path.Pop();
                        break;
                    default:
                        path.TryPeek(out outer);
                        outer?.Next();
                        if (reader.TokenType == JsonTokenType.String && Text(ref reader) is null)
                            return new(PointerOf(path), "the text holds half of a surrogate pair");
                        break;
                }
            }
            return null;
        }
        catch (JsonException e)
        {
            return new(PointerOf(path), StrictJson.Trim(e.Message));
        }
    }

    /// <summary>The serializer's complaint, in terms of the document instead of our types.</summary>
    public static JsonFault OfBinding(JsonException e)
    {
        var pointer = PointerOfPath(e.Path);
        var message = StrictJson.Trim(e.Message);
        if (message.Contains("could not be mapped", StringComparison.Ordinal))
        {
            var name = Quoted(message);
            return new(Child(pointer, name), "no such member");
        }
        if (message.Contains("missing required properties", StringComparison.Ordinal))
        {
            var names = message[(message.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
            return new(pointer, $"missing: {names.Replace("'", "", StringComparison.Ordinal)}");
        }
        if (message.Contains("could not be converted", StringComparison.Ordinal))
            return new(pointer, "a value of another type stands here");
        if (
            message.Contains("doesn't allow", StringComparison.Ordinal)
            && message.Contains("null", StringComparison.Ordinal)
        )
            return new(pointer, "null stands where a value must");
        return new(pointer, message);
    }

    public FormatException ToException(string what, Exception? cause = null) =>
        new($"{what}: {(Pointer.Length == 0 ? "" : $"at {Pointer}: ")}{Reason}", cause);

    private static string? Text(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static string PointerOf(Stack<Level> path, bool parent = false)
    {
        var text = new StringBuilder();
        foreach (var level in path.Reverse().SkipLast(parent ? 1 : 0))
        {
            if (level.Names is null && level.Index >= 0)
                text.Append('/').Append(level.Index.ToString(CultureInfo.InvariantCulture));
            else if (level.Name is not null)
                text.Append('/').Append(Escape(level.Name));
        }
        return text.ToString();
    }

    private static string Child(string pointer, string name) =>
        pointer.EndsWith("/" + Escape(name), StringComparison.Ordinal) ? pointer : $"{pointer}/{Escape(name)}";

    private static string Quoted(string message)
    {
        var start = message.IndexOf('\'', StringComparison.Ordinal) + 1;
        var end = message.IndexOf("' could not be mapped", StringComparison.Ordinal);
        return start > 0 && end > start ? message[start..end] : "";
    }

    /// <summary>The serializer's path, <c>$.a[0]['b.c']</c>, as a pointer, <c>/a/0/b.c</c>.</summary>
    private static string PointerOfPath(string? path)
    {
        var text = new StringBuilder();
        for (var i = 1; path is not null && i < path.Length; )
        {
            string part;
            if (path.AsSpan(i).StartsWith("['", StringComparison.Ordinal))
            {
                var end = path.IndexOf("']", i, StringComparison.Ordinal);
                part = path[(i + 2)..end];
                i = end + 2;
            }
            else
            {
                var end = path.AsSpan(i + 1).IndexOfAny('.', '[');
                end = end < 0 ? path.Length : i + 1 + end;
                part = path[(i + 1)..end].TrimEnd(']');
                i = end;
            }
            text.Append('/').Append(Escape(part));
        }
        return text.ToString();
    }

    private static string Escape(string name) =>
        name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    private sealed class Level
    {
        public HashSet<string>? Names { get; init; }
        public string? Name { get; set; }
        public int Index { get; private set; } = -1;

        public void Next()
        {
            if (Names is null)
                Index++;
        }
    }
}
