namespace Vordr.Client.Binding;

/// <summary>Tells a slip of the finger from another word.</summary>
public static class Spelling
{
    private const int ShortestWord = 4;

    /// <summary>The one of <paramref name="words"/> that <paramref name="typed"/> was meant to be, or null.</summary>
    public static string? Nearest(string typed, IEnumerable<string> words) =>
        words.FirstOrDefault(word => IsSlip(typed, word));

    /// <summary>Whether <paramref name="typed"/> is <paramref name="word"/> with a slip or, in long words, a few.</summary>
    internal static bool IsSlip(string typed, string word) =>
        typed.Length >= ShortestWord && Distance(typed, word) <= 1 + typed.Length / 8;

    /// <summary>Edit distance with transpositions (optimal string alignment); names are short.</summary>
    private static int Distance(string a, string b)
    {
        if (Math.Abs(a.Length - b.Length) > 3 || a.Length > 64)
            return int.MaxValue;
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
            rows[i, 0] = i;
        for (var j = 0; j <= b.Length; j++)
            rows[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                var best = Math.Min(Math.Min(rows[i - 1, j] + 1, rows[i, j - 1] + 1), rows[i - 1, j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    best = Math.Min(best, rows[i - 2, j - 2] + 1);
                rows[i, j] = best;
            }
        }
        return rows[a.Length, b.Length];
    }
}
