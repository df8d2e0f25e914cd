using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Vordr.Networks.Firewalls;

/// <summary>Our table as the kernel has it.</summary>
/// <param name="Fingerprint">Digest over chains, rules and declarations of sets: changes when somebody changed them.</param>
/// <param name="Elements">What the sets hold.</param>
internal sealed record FirewallSnapshot(string Fingerprint, IReadOnlyList<FirewallElement> Elements)
{
    /// <summary>The element that sits where <paramref name="element"/> would, or null.</summary>
    public FirewallElement? Find(FirewallElement element) =>
        Elements.FirstOrDefault(other => other.Set == element.Set && other.Key == element.Key);

    /// <summary>Reads the answer to <c>list table</c> (libnftables-json(5)).</summary>
    public static FirewallSnapshot Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        var elements = new List<FirewallElement>();
        var structure = new StringBuilder();
        foreach (var item in document.RootElement.GetProperty("nftables").EnumerateArray())
        {
            var kind = item.EnumerateObject().First();
            switch (kind.Name)
            {
                case "set" or "map":
                    var name = kind.Value.GetProperty("name").GetString()!;
                    if (kind.Value.TryGetProperty("elem", out var list))
                        elements.AddRange(list.EnumerateArray().Select(element => ReadElement(name, element)));
                    break;
                case "metainfo":
                    continue;
                default:
                    break;
            }
            AppendStructure(structure, kind);
        }
        var fingerprint = SHA256.HashData(Encoding.UTF8.GetBytes(structure.ToString()));
        return new FirewallSnapshot(Convert.ToHexStringLower(fingerprint), elements);
    }

    /// <summary>Everything but elements, and handles, which count up with every change.</summary>
    private static void AppendStructure(StringBuilder structure, JsonProperty item)
    {
        structure.Append(item.Name);
        foreach (var member in item.Value.EnumerateObject())
        {
            if (member.Name is not ("elem" or "handle"))
                structure.Append(' ').Append(member.Name).Append('=').Append(member.Value.GetRawText());
        }
        structure.Append('\n');
    }

    /// <summary>A map's element is a pair of key and value; a comment wraps the key.</summary>
    private static FirewallElement ReadElement(string set, JsonElement element)
    {
        var (key, value) = element.ValueKind == JsonValueKind.Array ? (element[0], Words(element[1])) : (element, null);
        var owner = "";
        if (key.ValueKind == JsonValueKind.Object && key.TryGetProperty("elem", out var wrapped))
        {
            if (wrapped.TryGetProperty("comment", out var comment))
                owner = comment.GetString()!;
            key = wrapped.GetProperty("val");
        }
        return new FirewallElement(set, Words(key), value, owner);
    }

    /// <summary>An expression as nft's own syntax writes it.</summary>
    private static string Words(JsonElement expression)
    {
        if (expression.ValueKind != JsonValueKind.Object)
            return expression.ToString();
        if (expression.TryGetProperty("concat", out var parts))
            return string.Join(" . ", parts.EnumerateArray().Select(Words));
        if (expression.TryGetProperty("prefix", out var prefix))
            return $"{prefix.GetProperty("addr").GetString()}/{prefix.GetProperty("len")}";
        // Something that we never write; it compares unequal to all that we do.
        return expression.GetRawText();
    }
}
