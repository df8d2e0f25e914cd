using System.Text;

namespace Vordr.Client.Binding;

/// <summary>JSON pointers (RFC 6901).</summary>
internal static class JsonPointer
{
    /// <summary>The pointer to <paramref name="member"/> beneath <paramref name="pointer"/>.</summary>
    public static string Append(string pointer, string member) =>
        $"{pointer}/{member.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";

    /// <summary>The pointer for a path of the serializer's: <c>$.config.ports[2]</c>, <c>$['a.b']</c>.</summary>
    public static string FromPath(string? path)
    {
        if (path is null)
            return "";
        var pointer = "";
        var segment = new StringBuilder();
        for (var i = path.StartsWith('$') ? 1 : 0; i < path.Length; )
        {
            segment.Clear();
            var quoted = path.AsSpan(i).StartsWith("['");
            var end =
                quoted ? path.IndexOf("']", i + 2, StringComparison.Ordinal)
                : path[i] == '[' ? path.IndexOf(']', i)
                : path.AsSpan(i + 1).IndexOfAny('.', '[') is >= 0 and var next ? i + 1 + next
                : path.Length;
            end = end < 0 ? path.Length : end;
            segment.Append(path, i + (quoted ? 2 : 1), Math.Max(0, end - i - (quoted ? 2 : 1)));
            pointer = Append(pointer, segment.ToString());
            i =
                quoted ? end + 2
                : path[i] == '[' ? end + 1
                : end;
        }
        return pointer;
    }
}
