using Trust.Verdicts;

namespace Trust.Checks;

/// <summary>What a check found.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Code">The code, where it failed.</param>
/// <param name="Reason">A sentence without a full stop.</param>
/// <param name="Evidence">The facts that it rests on.</param>
internal sealed record Finding(CheckOutcome Outcome, string? Code, string Reason, IReadOnlyList<string> Evidence)
{
    public static Finding Pass(string reason, params IReadOnlyList<string> evidence) =>
        new(CheckOutcome.Passed, null, reason, evidence);

    public static Finding Fail(string code, string reason, params IReadOnlyList<string> evidence) =>
        new(CheckOutcome.Failed, code, reason, evidence);

    /// <summary>Nothing is left that the check could judge; only after a failure that the mode lets pass.</summary>
    public static Finding Nothing { get; } = new(CheckOutcome.NotReached, null, "there is no release to judge", []);

    public bool Failed => Outcome == CheckOutcome.Failed;

    public FaultKind Kind => VerdictCode.Find(Code!).Kind;
}

/// <summary>One rule of the verdict. A check has no state: everything it knows is in the judgement.</summary>
internal interface ICheck
{
    /// <summary>The check's name in verdicts.</summary>
    string Name { get; }

    /// <summary>Judges.</summary>
    Finding Run(Judgement judgement);
}
