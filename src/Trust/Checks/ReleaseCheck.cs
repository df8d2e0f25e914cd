using Trust.Verdicts;

namespace Trust.Checks;

/// <summary>Somebody must have released it: what is only described, built or reviewed isn't meant to run.</summary>
internal sealed class ReleaseCheck : ICheck
{
    public string Name => "release";

    public Finding Run(Judgement judgement) =>
        judgement.Releases.Count == 0
            ? Finding.Fail(VerdictCode.MissingAttestation, "there is no release statement: the bundle is not signed")
            : judgement.EachRelease(
                Name,
                release => Finding.Pass($"released as {ForeignText.Escape(release.Statement.Package)}")
            );
}
