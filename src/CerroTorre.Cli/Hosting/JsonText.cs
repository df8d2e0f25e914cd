using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CerroTorre.Cli.Hosting;

/// <summary>JSON for scripts: indented, everything but ASCII escaped, so that it is safe on a terminal too.</summary>
internal static class JsonText
{
    /// <summary>Writes one document and a line feed.</summary>
    public static void Write(TextWriter output, JsonNode json)
    {
        using var buffer = new MemoryStream();
        var options = new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using (var writer = new Utf8JsonWriter(buffer, options))
            json.WriteTo(writer);
        // The default encoder would escape + and &, as if this were HTML. What isn't ASCII stands in strings only.
        foreach (var c in Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length))
        {
            if (c < 0x7f)
                output.Write(c);
            else
                output.Write(string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"));
        }
        output.Write('\n');
    }

    /// <summary>An array of strings.</summary>
    public static JsonArray ArrayOf(IEnumerable<string> values) => new([.. values.Select(value => (JsonNode)value)]);
}
