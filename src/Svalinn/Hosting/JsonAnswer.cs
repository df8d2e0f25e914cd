using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Svalinn.Hosting;

/// <summary>Writes JSON answers with their length, in one piece.</summary>
internal static class JsonAnswer
{
    private const string ContentType = "application/json";

    /// <summary>Hands <paramref name="element"/> through: its own UTF-8 bytes, neither decoded nor written anew.</summary>
    public static Task WriteAsync(HttpContext context, JsonElement element, int status = StatusCodes.Status200OK)
    {
        var bytes = JsonMarshal.GetRawUtf8Value(element);
        var response = Begin(context, status, bytes.Length);
        bytes.CopyTo(response.BodyWriter.GetSpan(bytes.Length));
        response.BodyWriter.Advance(bytes.Length);
        return response.BodyWriter.FlushAsync(context.RequestAborted).AsTask();
    }

    /// <summary>Writes a record.</summary>
    public static Task WriteAsync<T>(
        HttpContext context,
        T value,
        JsonTypeInfo<T> type,
        int status = StatusCodes.Status200OK
    )
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(value, type);
        return Begin(context, status, bytes.Length).Body.WriteAsync(bytes, context.RequestAborted).AsTask();
    }

    private static HttpResponse Begin(HttpContext context, int status, int length)
    {
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = ContentType;
        response.ContentLength = length;
        return response;
    }
}
