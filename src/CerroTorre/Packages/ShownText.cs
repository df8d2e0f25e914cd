using Trust.Verdicts;

namespace CerroTorre.Packages;

/// <summary>Text that came from outside, short enough for a sentence and safe to print.</summary>
internal static class ShownText
{
    /// <summary><paramref name="text"/> on one line, cut after <paramref name="limit"/> characters.</summary>
    public static string Of(string text, int limit) =>
        ForeignText.Escape(text.Length <= limit ? text : string.Concat(text.AsSpan(0, limit), "…"));
}
