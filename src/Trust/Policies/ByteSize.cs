using System.Globalization;

namespace Trust.Policies;

/// <summary>Sizes as policies write them: <c>512MiB</c>. A number alone is bytes.</summary>
internal static class ByteSize
{
    private static readonly (string Suffix, int Shift)[] s_units =
    [
        ("TiB", 40),
        ("GiB", 30),
        ("MiB", 20),
        ("KiB", 10),
        ("B", 0),
    ];

    public static bool TryParse(string text, out long bytes)
    {
        bytes = 0;
        var (suffix, shift) = s_units.FirstOrDefault(
            u => text.EndsWith(u.Suffix, StringComparison.Ordinal),
            (Suffix: "", Shift: 0)
        );
        var digits = text.AsSpan(0, text.Length - suffix.Length);
        if (!long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return false;
        if (number > long.MaxValue >> shift)
            return false;
        bytes = number << shift;
        return true;
    }

    public static string Format(long bytes)
    {
        var (suffix, shift) = s_units.First(u => bytes == 0 ? u.Shift == 0 : bytes % (1L << u.Shift) == 0);
        return string.Create(CultureInfo.InvariantCulture, $"{bytes >> shift}{suffix}");
    }
}
