using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Oci.Errors;
using Svalinn.Problems;
using Vordr.Client.Bundles;

namespace Svalinn.Bundles;

/// <summary>
/// The bytes of an uploaded bundle: the raw body, or the one field <c>bundle</c> of a <c>multipart/form-data</c> body.
/// Streamed, never buffered.
/// </summary>
/// <param name="Content">The bytes. At their end they fail if the body goes on with something else.</param>
/// <param name="Length">Their number, where the sender said it.</param>
internal sealed record UploadedBundle(Stream Content, long? Length)
{
    private const string Field = "bundle";
    private const string Multipart = "multipart/form-data";
    private const int BoundaryLimit = 70;

    private static readonly string[] RawTypes =
    [
        "application/octet-stream",
        "application/x-tar",
        BundleUpload.MediaType,
    ];

    /// <summary>Finds the bundle in the request.</summary>
    /// <exception cref="PublicError">There is none, or the content type isn't one of an upload.</exception>
    public static async Task<UploadedBundle> OpenAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var request = context.Request;
        if (string.IsNullOrEmpty(request.ContentType))
            return Raw(context);
        if (MediaTypeHeaderValue.TryParse(request.ContentType, out var type))
        {
            if (RawTypes.Contains(type.MediaType.Value, StringComparer.OrdinalIgnoreCase))
                return Raw(context);
            if (type.MediaType.Equals(Multipart, StringComparison.OrdinalIgnoreCase))
                return await MultipartAsync(context, type, cancellationToken);
        }
        throw new PublicError(
            ErrorId.UnsupportedMedia,
            $"A bundle is uploaded as {Multipart} or {RawTypes[0]}, not as '{request.ContentType}'.",
            "curl -F bundle=@app.ctp …",
            "curl -H 'Content-Type: application/octet-stream' --data-binary @app.ctp …"
        );
    }

    private static UploadedBundle Raw(HttpContext context)
    {
        context.Outcome().BodyWasBegun = true;
        return new UploadedBundle(context.Request.Body, context.Request.ContentLength);
    }

    private static async Task<UploadedBundle> MultipartAsync(
        HttpContext context,
        MediaTypeHeaderValue type,
        CancellationToken cancellationToken
    )
    {
        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).Value;
        if (string.IsNullOrEmpty(boundary) || boundary.Length > BoundaryLimit)
            throw Malformed("it has no boundary, or one of more than 70 characters");
        context.Outcome().BodyWasBegun = true;
        var reader = new MultipartReader(boundary, context.Request.Body) { HeadersCountLimit = 16 };
        var section = await NextAsync(reader, cancellationToken);
        if (section is null)
            throw Malformed($"it has no field '{Field}'");
        var name = NameOf(section);
        if (!string.Equals(name, Field, StringComparison.Ordinal))
            throw Malformed($"its first field is not '{Field}'");
        return new UploadedBundle(new OnlySection(section.Body, reader), Length: null);
    }

    private static string? NameOf(MultipartSection section) =>
        ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition)
        && disposition.DispositionType.Equals("form-data", StringComparison.OrdinalIgnoreCase)
            ? HeaderUtilities.RemoveQuotes(disposition.Name).Value
            : null;

    private static async Task<MultipartSection?> NextAsync(MultipartReader reader, CancellationToken cancellationToken)
    {
        try
        {
            return await reader.ReadNextSectionAsync(cancellationToken);
        }
        catch (Exception exception)
            when (exception is InvalidDataException or IOException and not BadHttpRequestException)
        {
            throw Malformed("its parts are not well-formed, or it ends early");
        }
    }

    private static PublicError Malformed(string what) =>
        new(ErrorId.Usage, $"The {Multipart} body is malformed: {what}.", $"curl -F {Field}=@app.ctp …");

    /// <summary>
    /// The section's bytes; at their end there must be no other section. That is checked before the end is told, so
    /// nobody downstream takes the bundle for complete if the form isn't.
    /// </summary>
    private sealed class OnlySection(Stream section, MultipartReader reader) : ForwardStream
    {
        private bool _ended;

        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer,
            CancellationToken cancellationToken = default
        )
        {
            if (_ended)
                return 0;
            int read;
            try
            {
                read = await section.ReadAsync(buffer, cancellationToken);
            }
            catch (IOException exception) when (exception is not BadHttpRequestException)
            {
                throw Malformed("it ends early");
            }
            if (read > 0 || buffer.IsEmpty)
                return read;
            if (await NextAsync(reader, cancellationToken) is not null)
                throw Malformed($"something follows the field '{Field}'");
            _ended = true;
            return 0;
        }
    }
}
