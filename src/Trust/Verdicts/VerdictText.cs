using System.Text;
using Trust.Attestations;

namespace Trust.Verdicts;

/// <summary>A verdict for people: what failed, the facts, why it matters, what to do.</summary>
public static class VerdictText
{
    private const int Width = 100;

    /// <summary>The whole answer, ready to print; ends with a newline.</summary>
    /// <param name="verdict">The verdict.</param>
    /// <param name="bundle">What the reader calls the bundle: the file's name.</param>
    public static string Render(Verdict verdict, string bundle)
    {
        ArgumentNullException.ThrowIfNull(verdict);
        var text = new StringBuilder();
        text.Append(Heading(verdict)).Append("\n\n");
        foreach (var (name, value) in Facts(verdict, bundle))
            text.Append("    ").Append(name.PadRight(9)).Append(value).Append('\n');
        if ((verdict.Code ?? verdict.StrictCode) is not { } code)
            return text.ToString();
        text.Append('\n');
        foreach (var line in Wrap(VerdictCode.Find(code).Why, Width))
            text.Append("  ").Append(line).Append('\n');
        text.Append('\n');
        foreach (var suggestion in Suggestions(verdict, bundle))
            text.Append("  → ").Append(suggestion).Append('\n');
        return text.ToString();
    }

    /// <summary>Every check and its outcome, a line each.</summary>
    public static string RenderChecks(Verdict verdict)
    {
        ArgumentNullException.ThrowIfNull(verdict);
        var text = new StringBuilder();
        foreach (var check in verdict.Checks)
        {
            var (mark, code) = check.Outcome switch
            {
                CheckOutcome.Passed => ('✓', ""),
                CheckOutcome.Failed => ('✗', check.Code + ": "),
                CheckOutcome.NotReached => ('·', ""),
                _ => throw new InvalidOperationException("A check has one of three outcomes."),
            };
            text.Append("  ").Append(mark).Append(' ').Append(check.Name.PadRight(11)).Append(code);
            text.Append(ForeignText.Escape(check.Reason)).Append('\n');
        }
        return text.ToString();
    }

    /// <summary>What to do about a verdict, most useful first.</summary>
    internal static IReadOnlyList<string> Suggestions(Verdict verdict, string bundle) =>
        (verdict.Code ?? verdict.StrictCode) is { } code
            ?
            [
                .. VerdictCode
                    .Find(code)
                    .Next.Select(next =>
                        next.Replace("{bundle}", ForeignText.Escape(bundle), StringComparison.Ordinal)
                    ),
            ]
            : [];

    private static string Heading(Verdict verdict)
    {
        var what = What(verdict);
        if (verdict.Code is { } code)
            return $"✗ {VerdictCode.Find(code).Title}: {what}";
        return verdict.Unverified
            ? $"! Allowed unverified, since the policy is {verdict.Mode}: {what}"
            : $"✓ Verified: {what}";
    }

    private static string What(Verdict verdict)
    {
        var name = verdict switch
        {
            { Name: { } package, Version: { } version } => $"{package} {version}",
            { Reference: { } reference } => reference.ToString(),
            { Root: { } root } => root.ToString(),
            _ => "bundle",
        };
        return (verdict.Releases.Count > 0 ? "release of " : "") + ForeignText.Escape(name);
    }

    private static IEnumerable<(string Name, string Value)> Facts(Verdict verdict, string bundle)
    {
        yield return ("bundle", ForeignText.Escape(bundle));
        if (verdict.Root is { } root)
            yield return ("image", root.ToString());
        // The release that passed; else the one that got furthest, which is the one told of.
        var release =
            verdict.Releases.FirstOrDefault(r => r.Accepted)
            ?? verdict.Releases.FirstOrDefault(r => r.Code == (verdict.Code ?? verdict.StrictCode))
            ?? (verdict.Releases.Count > 0 ? verdict.Releases[0] : null);
        foreach (var signer in release?.Signers ?? [])
        {
            var name = signer.Name is null ? "" : $" ({ForeignText.Escape(signer.Name)})";
            var code = signer.Code is null ? "" : $"  {signer.Code}";
            yield return ("signer", signer.Id.Short + name + code);
        }
        if (release is not null)
            yield return ("suite", ForeignText.Escape(Suites.Describe(release.Suite)));
        if (verdict.Checks.FirstOrDefault(c => c.Outcome == CheckOutcome.Failed) is { } failed)
            yield return ("reason", ForeignText.Escape(failed.Reason));
        if (verdict is { Allowed: true, StrictAllows: false })
            yield return ("strict", $"would refuse: {verdict.StrictCode}");
    }

    private static IEnumerable<string> Wrap(string text, int width)
    {
        var line = new StringBuilder();
        foreach (var word in text.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line.ToString();
                line.Clear();
            }
            line.Append(line.Length > 0 ? " " : "").Append(word);
        }
        yield return line.ToString();
    }
}
