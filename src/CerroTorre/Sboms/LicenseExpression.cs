using System.Text.RegularExpressions;

namespace CerroTorre.Sboms;

/// <summary>Whether a declared licence has the form of an SPDX expression (SPDX 2.3, annex D); ids aren't looked up.</summary>
internal static partial class LicenseExpression
{
    private const int MaxTokens = 200;

    /// <summary>True for <c>MIT</c>, <c>GPL-2.0-only AND (MIT OR BSD-3-Clause)</c>, <c>GPL-2.0-or-later WITH …</c>.</summary>
    public static bool IsWellFormed(string text)
    {
        var tokens = Tokens().Matches(text).Select(match => match.Value).ToList();
        if (
            tokens.Count is 0 or > MaxTokens
            || string.Concat(tokens) != text.Replace(" ", "", StringComparison.Ordinal)
        )
            return false;
        var depth = 0;
        var wantsOperand = true;
        foreach (var token in tokens)
        {
            if (token == "(" && wantsOperand)
                depth++;
            else if (token == ")" && !wantsOperand && depth > 0)
                depth--;
            else if (token is "AND" or "OR" or "WITH" && !wantsOperand)
                wantsOperand = true;
            else if (token is not ("(" or ")" or "AND" or "OR" or "WITH") && wantsOperand)
                wantsOperand = false;
            else
                return false;
        }
        return depth == 0 && !wantsOperand;
    }

    [GeneratedRegex(@"[()]|[A-Za-z0-9.+-]+", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Tokens();
}
