using System.Buffers;
using System.Text.Json.Serialization.Metadata;
using Oci.Errors;
using Svalinn.Authorization;
using Vordr.Client.Binding;

namespace Svalinn.Validation;

/// <summary>The bound body of a request.</summary>
internal sealed record ValidBody(object Value);

/// <summary>
/// Binds the JSON body to the record that the route declares, strictly: content type, UTF-8, no unknown member. A
/// route that declares none takes none.
/// </summary>
internal sealed class ValidationMiddleware(RequestDelegate next)
{
    private const string Json = "application/json";

    /// <summary>Binds the body, or refuses.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        if (context.RouteRule() is { IsUpload: false } rule && !HttpMethods.IsGet(context.Request.Method))
        {
            var body = await ReadAsync(context);
            if (rule.Body is null && !body.IsEmpty)
                throw new PublicError(ErrorId.Usage, "This path takes no body.");
            if (rule.Body is not null && !(body.IsEmpty && rule.BodyIsOptional))
            {
                RequireJson(context.Request);
                context.Features.Set(new ValidBody(rule.Body.Bind(body)));
            }
        }
        await next(context);
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpContext context)
    {
        // SizeLimitMiddleware holds its length to the limit.
        var reader = context.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(context.RequestAborted);
            if (read.IsCompleted)
            {
                var body = read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return body;
            }
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static void RequireJson(HttpRequest request)
    {
        var parsed = Microsoft.Net.Http.Headers.MediaTypeHeaderValue.TryParse(request.ContentType, out var type);
        var charset = type?.Charset.Value;
        if (
            parsed
            && type!.MediaType.Equals(Json, StringComparison.OrdinalIgnoreCase)
            && (string.IsNullOrEmpty(charset) || charset.Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase))
        )
        {
            return;
        }
        throw new PublicError(
            ErrorId.UnsupportedMedia,
            $"This path takes {Json} (UTF-8), not {(string.IsNullOrEmpty(request.ContentType) ? "a body without a content type" : $"'{request.ContentType}'")}.",
            $"Send it with 'Content-Type: {Json}'."
        );
    }
}

/// <summary>A record that a JSON body can be bound to: its metadata, and the binding.</summary>
internal abstract class BodyType
{
    /// <summary>Metadata for the schema.</summary>
    public abstract JsonTypeInfo Metadata { get; }

    /// <summary>Binds <paramref name="document"/> strictly.</summary>
    public abstract object Bind(ReadOnlyMemory<byte> document);

    /// <summary>The record described by <paramref name="metadata"/>.</summary>
    public static BodyType Of<T>(JsonTypeInfo<T> metadata)
        where T : class => new Typed<T>(metadata);

    private sealed class Typed<T>(JsonTypeInfo<T> metadata) : BodyType
        where T : class
    {
        public override JsonTypeInfo Metadata => metadata;

        public override object Bind(ReadOnlyMemory<byte> document) => StrictBinding.Bind(document, metadata);
    }
}

/// <summary>Reading what was bound.</summary>
internal static class ValidBodyExtensions
{
    /// <summary>The bound body, or null where it is optional and absent.</summary>
    public static T? OptionalBody<T>(this HttpContext context)
        where T : class => (T?)context.Features.Get<ValidBody>()?.Value;

    /// <summary>The bound body.</summary>
    public static T Body<T>(this HttpContext context)
        where T : class =>
        context.OptionalBody<T>() ?? throw new InvalidOperationException("This route does not declare a body.");
}
