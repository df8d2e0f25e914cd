namespace Trust.Verdicts;

/// <summary>A verdict for people.</summary>
public static class VerdictText
{
    /// <summary>The decision, the facts, why it matters, what to do.</summary>
    /// <param name="verdict">The verdict.</param>
    /// <param name="bundle">What the reader calls the bundle: the file's name.</param>
    public static string Render(Verdict verdict, string bundle) => throw new NotImplementedException();

    /// <summary>Every check and its outcome, a line each.</summary>
    public static string RenderChecks(Verdict verdict) => throw new NotImplementedException();
}
