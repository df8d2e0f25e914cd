using System.Globalization;
using Oci.Errors;

namespace Svalinn.Validation;

/// <summary>
/// The query of a request, as strict as a body: an unknown or repeated parameter is refused, since a filter that was
/// ignored shows what was not asked for.
/// </summary>
internal sealed class StrictQuery
{
    private readonly IQueryCollection _query;

    private StrictQuery(IQueryCollection query) => _query = query;

    /// <summary>Reads a query in which only <paramref name="known"/> may occur, each once.</summary>
    public static StrictQuery Of(HttpContext context, params ReadOnlySpan<string> known)
    {
        foreach (var (name, values) in context.Request.Query)
        {
            if (!known.Contains(name))
            {
                throw new PublicError(
                    ErrorId.Usage,
                    $"Unknown query parameter '{Shown(name)}'; "
                        + (known.IsEmpty ? "none is taken here." : $"known are {string.Join(", ", known)}.")
                );
            }
            if (values.Count != 1)
                throw new PublicError(ErrorId.Usage, $"The query parameter '{name}' is given {values.Count} times.");
        }
        return new StrictQuery(context.Request.Query);
    }

    /// <summary>Text, or null.</summary>
    public string? Text(string name) => _query.TryGetValue(name, out var values) ? values[0] : null;

    /// <summary>A flag: <c>?all</c>, <c>?all=true</c>, <c>?all=false</c>.</summary>
    public bool? Flag(string name) =>
        Text(name) switch
        {
            null => null,
            "" or "true" or "1" => true,
            "false" or "0" => false,
            _ => throw new PublicError(ErrorId.Usage, $"The query parameter '{name}' is true or false."),
        };

    /// <summary>A whole number of at least <paramref name="least"/>.</summary>
    public int? Number(string name, int least)
    {
        if (Text(name) is not { } text)
            return null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least
            ? number
            : throw new PublicError(ErrorId.Usage, $"The query parameter '{name}' is a whole number from {least}.");
    }

    /// <summary>A time (RFC 3339).</summary>
    public DateTimeOffset? Time(string name)
    {
        if (Text(name) is not { } text)
            return null;
        return DateTimeOffset.TryParseExact(
            text,
            ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"],
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var time
        )
            ? time
            : throw new PublicError(
                ErrorId.Usage,
                $"The query parameter '{name}' is a time like 2026-11-24T20:00:00Z (RFC 3339)."
            );
    }

    private static string Shown(string name) => name.Length <= 64 ? name : name[..64] + "…";
}
