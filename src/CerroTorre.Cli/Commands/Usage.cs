using System.Globalization;
using CerroTorre.Cli.Hosting;
using Oci.Errors;

namespace CerroTorre.Cli.Commands;

/// <summary>Words of the command line, read.</summary>
internal static class Usage
{
    /// <summary>What <paramref name="read"/> gives; its complaint as a usage error.</summary>
    public static T Of<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (FormatException error)
        {
            throw new PublicError(ErrorId.Usage, error.Message, error);
        }
    }

    /// <summary><c>KEY=VALUE</c> words.</summary>
    public static IReadOnlyDictionary<string, string> Pairs(IReadOnlyList<string>? words, string option)
    {
        var pairs = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var word in words ?? [])
        {
            var equals = word.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || !pairs.TryAdd(word[..equals], word[(equals + 1)..]))
                throw new PublicError(ErrorId.Usage, $"{option} {word}: expected KEY=VALUE, each key once");
        }
        return pairs;
    }
}

/// <summary>Times on the command line.</summary>
internal static class CreatedTime
{
    /// <summary><c>--created</c>, else <c>SOURCE_DATE_EPOCH</c> (reproducible-builds.org), else null.</summary>
    public static DateTimeOffset? Read(string? created, CtHost host)
    {
        if (created is not null)
            return Parse(created, "--created");
        if (host.Environment("SOURCE_DATE_EPOCH") is not { Length: > 0 } epoch)
            return null;
        return
            long.TryParse(epoch, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : throw new PublicError(ErrorId.Usage, "SOURCE_DATE_EPOCH is not a number of seconds");
    }

    /// <summary>An RFC 3339 time.</summary>
    public static DateTimeOffset Parse(string text, string option) =>
        DateTimeOffset.TryParseExact(
            text,
            ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd"],
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var time
        )
            ? time
            : throw new PublicError(ErrorId.Usage, $"{option} {text}: expected a time such as 2026-11-23T00:00:00Z");
}
