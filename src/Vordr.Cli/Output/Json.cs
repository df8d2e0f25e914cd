using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Vordr.Cli.Output;

/// <summary>What <c>--json</c> prints: the records that cross the wire, indented.</summary>
internal static class Json
{
    private static readonly JsonWriterOptions Options = new()
    {
        Indented = true,
        // A terminal is no web page: umlauts and quotes may stay what they are.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static void Print<T>(Shell shell, T value, JsonTypeInfo<T> type) =>
        Write(shell, writer => JsonSerializer.Serialize(writer, value, type));

    public static void PrintAll<T>(Shell shell, IEnumerable<T> values, JsonTypeInfo<T> type) =>
        Write(
            shell,
            writer =>
            {
                writer.WriteStartArray();
                foreach (var value in values)
                    JsonSerializer.Serialize(writer, value, type);
                writer.WriteEndArray();
            }
        );

    private static void Write(Shell shell, Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Options))
            write(writer);
        shell.Out.WriteLine(System.Text.Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length));
    }
}
