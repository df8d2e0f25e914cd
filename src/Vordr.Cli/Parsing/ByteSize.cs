using System.Globalization;
using Oci.Errors;

namespace Vordr.Cli.Parsing;

/// <summary>Sizes as people type them: <c>512m</c>, <c>1.5g</c>, <c>512MiB</c>, <c>1048576</c>. Units are binary, as Docker's.</summary>
internal static class ByteSize
{
    public static long Parse(string text)
    {
        var digits = text.AsSpan().TrimEnd("bBiI kKmMgGtT");
        var unit = text[digits.Length..].Trim().ToLowerInvariant();
        var factor = unit switch
        {
            "" or "b" => 1L,
            "k" or "kb" or "kib" => 1L << 10,
            "m" or "mb" or "mib" => 1L << 20,
            "g" or "gb" or "gib" => 1L << 30,
            "t" or "tb" or "tib" => 1L << 40,
            _ => 0,
        };
        const NumberStyles style = NumberStyles.AllowDecimalPoint;
        if (
            factor == 0
            || !decimal.TryParse(digits, style, CultureInfo.InvariantCulture, out var number)
            || number <= 0
            || number > long.MaxValue / factor
        )
        {
            throw new PublicError(ErrorId.Usage, $"'{text}' is not a size.", "write for example 512m, 1.5g or 1048576");
        }
        return (long)(number * factor);
    }
}
