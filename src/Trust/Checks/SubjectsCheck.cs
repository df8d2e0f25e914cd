using Trust.Verdicts;

namespace Trust.Checks;

/// <summary>A release is about this root, this package manifest, this name and this version, or it is about something else.</summary>
internal sealed class SubjectsCheck : ICheck
{
    public string Name => "subjects";

    public Finding Run(Judgement judgement)
    {
        if (judgement.Releases.Count == 0)
            return Finding.Pass("there is no release statement to compare");
        return judgement.EachRelease(Name, release => Judge(judgement.Evidence, release));
    }

    private static Finding Judge(Evidence evidence, ReleaseCandidate release)
    {
        var statement = release.Statement;
        var package = ForeignText.Escape(statement.Package);
        if (statement.Root != evidence.Root)
            return Mismatch($"the release of {package} is about the root {statement.Root}, not {evidence.Root}");
        if (evidence is { Name: { } name, Version: { } version } && statement.Package != $"{name}:{version}")
            return Mismatch($"the release is of {package}, not of {ForeignText.Escape($"{name}:{version}")}");
        if (evidence.PackageManifest is not { } packageManifest)
            return Mismatch($"the release of {package} is about a manifest.toml, and there is none");
        if (statement.PackageManifest != packageManifest)
            return Mismatch($"the release of {package} is about another manifest.toml");
        return Finding.Pass(
            $"the release of {package} is about this root and this manifest.toml",
            statement.Root.ToString(),
            statement.PackageManifest.ToString()
        );
    }

    private static Finding Mismatch(string reason) => Finding.Fail(VerdictCode.SubjectMismatch, reason);
}
