using System.Text;
using Vordr.Networks;

namespace Vordr.Cli.Output;

/// <summary>Values as people read them.</summary>
internal static class Words
{
    private const int LongestCommand = 20;

    /// <summary>The first twelve digits of a digest or an id.</summary>
    public static string Short(string hex) => hex[..12];

    /// <summary>A size in decimal units: <c>4.21MB</c>.</summary>
    public static string Size(long bytes)
    {
        string[] units = ["B", "kB", "MB", "GB", "TB"];
        var (size, unit) = ((double)bytes, 0);
        while (size >= 1000 && unit < units.Length - 1)
            (size, unit) = (size / 1000, unit + 1);
        return unit == 0 ? $"{bytes}B"
            : size >= 100 ? $"{size:0}{units[unit]}"
            : size >= 10 ? $"{size:0.0}{units[unit]}"
            : $"{size:0.00}{units[unit]}";
    }

    /// <summary>A command in one line, shortened unless <paramref name="whole"/>.</summary>
    public static string Command(IReadOnlyList<string> command, bool whole)
    {
        var text = Printable(string.Join(' ', command));
        return whole || text.Length <= LongestCommand ? text : text[..(LongestCommand - 1)] + "…";
    }

    /// <summary>Published ports in one cell.</summary>
    public static string Ports(IReadOnlyList<PublishedPort> ports) => string.Join(", ", ports);

    /// <summary>Foreign text without what would move the cursor or the eye.</summary>
    public static string Printable(string text)
    {
        var printable = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (
                Rune.GetUnicodeCategory(rune)
                is System.Globalization.UnicodeCategory.Control
                    or System.Globalization.UnicodeCategory.Format
                    or System.Globalization.UnicodeCategory.LineSeparator
                    or System.Globalization.UnicodeCategory.ParagraphSeparator
            )
                printable.Append($"\\u{{{rune.Value:x}}}");
            else
                printable.Append(rune);
        }
        return printable.ToString();
    }
}
