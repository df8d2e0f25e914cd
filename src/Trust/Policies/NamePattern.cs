namespace Trust.Policies;

/// <summary>
/// A pattern of names, paths or references: <c>*</c> matches within a component, <c>**</c> across slashes, everything
/// else itself. Matching takes time proportional to pattern × text at most, whoever wrote the pattern.
/// </summary>
public sealed class NamePattern
{
    private const int MaxLength = 512;

    private readonly string _text;

    private NamePattern(string text) => _text = text;

    /// <summary>Reads a pattern.</summary>
    /// <exception cref="FormatException">Empty, too long, or with white space or control characters.</exception>
    public static NamePattern Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length is 0 or > MaxLength)
            throw new FormatException($"a pattern has 1 to {MaxLength} characters");
        if (text.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)))
            throw new FormatException("a pattern has no white space and no control characters");
        return new NamePattern(text);
    }

    /// <summary>Whether the whole of <paramref name="text"/> matches.</summary>
    public bool IsMatch(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        // reachable[i]: the pattern so far can have consumed i characters of the text.
        var reachable = new bool[text.Length + 1];
        reachable[0] = true;
        for (var p = 0; p < _text.Length; p++)
        {
            if (_text[p] != '*')
            {
                for (var i = text.Length; i > 0; i--)
                    reachable[i] = reachable[i - 1] && text[i - 1] == _text[p];
                reachable[0] = false;
                continue;
            }
            var crosses = p + 1 < _text.Length && _text[p + 1] == '*';
            while (p + 1 < _text.Length && _text[p + 1] == '*')
                p++;
            for (var i = 1; i <= text.Length; i++)
                reachable[i] |= reachable[i - 1] && (crosses || text[i - 1] != '/');
        }
        return reachable[text.Length];
    }

    /// <summary>
    /// Whether a reference matches, as <c>trust.md</c> says: a pattern without a slash is held against the last
    /// component, one with a slash against the whole. A pattern that names neither tag nor digest means every one.
    /// </summary>
    internal bool IsMatchOfReference(string reference)
    {
        var text = _text.Contains('/', StringComparison.Ordinal)
            ? reference
            : reference[(reference.LastIndexOf('/') + 1)..];
        return IsMatch(text) || IsMatch(WithoutTag(text));
    }

    /// <inheritdoc/>
    public override string ToString() => _text;

    private static string WithoutTag(string reference)
    {
        var at = reference.IndexOf('@', StringComparison.Ordinal);
        var name = at < 0 ? reference : reference[..at];
        var colon = name.LastIndexOf(':');
        return colon > name.LastIndexOf('/') ? name[..colon] : name;
    }
}
