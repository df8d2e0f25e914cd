using System.Globalization;
using System.Text;

namespace Trust.Verdicts;

/// <summary>Text of strangers, made safe to print: it can't move the cursor, hide or reorder what a person reads.</summary>
public static class ForeignText
{
    /// <summary>The text with control, format (bidi, zero-width), separator and unassigned characters escaped as <c>\u{…}</c>.</summary>
    public static string Escape(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return "";
        StringBuilder? escaped = null;
        var index = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            // EnumerateRunes gives U+FFFD for half of a surrogate pair, which is one char long.
            var isHalf = rune == Rune.ReplacementChar && text[index] != '\uFFFD';
            var length = isHalf ? 1 : rune.Utf16SequenceLength;
            var dangerous =
                isHalf
                || Rune.GetUnicodeCategory(rune)
                    is UnicodeCategory.Control
                        or UnicodeCategory.Format
                        or UnicodeCategory.LineSeparator
                        or UnicodeCategory.ParagraphSeparator
                        or UnicodeCategory.PrivateUse
                        or UnicodeCategory.OtherNotAssigned;
            if (dangerous)
                (escaped ??= new StringBuilder(text, 0, index, text.Length + 16)).Append(
                    CultureInfo.InvariantCulture,
                    $"\\u{{{(isHalf ? text[index] : rune.Value):x}}}"
                );
            else
                escaped?.Append(rune.ToString());
            index += length;
        }
        return escaped?.ToString() ?? text;
    }
}
