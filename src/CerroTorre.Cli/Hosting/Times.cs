using System.Globalization;

namespace CerroTorre.Cli.Hosting;

/// <summary>Times as they are printed: RFC 3339, UTC.</summary>
internal static class Times
{
    /// <summary>E.g. <c>2026-11-23T00:00:00Z</c>.</summary>
    public static string Text(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
