using Trust.Verdicts;

namespace Trust.Policies;

/// <summary>Which references a policy takes: the members <c>registries</c> and <c>images</c>. What is blocked wins.</summary>
public sealed class ReferenceRules
{
    private readonly IReadOnlyList<NamePattern>? _allowed;
    private readonly IReadOnlyList<NamePattern> _blocked;

    internal ReferenceRules(IReadOnlyList<NamePattern>? allowed, IReadOnlyList<NamePattern> blocked)
    {
        _allowed = allowed;
        _blocked = blocked;
    }

    /// <summary>Rules that forbid nothing.</summary>
    internal static ReferenceRules None { get; } = new(null, []);

    /// <summary>Patterns of which one must match; null: no demand; none: nothing may pass.</summary>
    public IReadOnlyList<string>? Allowed => _allowed?.Select(p => p.ToString()).ToList();

    /// <summary>Patterns of which none may match.</summary>
    public IReadOnlyList<string> Blocked => [.. _blocked.Select(p => p.ToString())];

    /// <summary>The rules that the evidence breaks; <paramref name="path"/> is theirs in the policy.</summary>
    internal IEnumerable<RuleViolation> Judge(Evidence evidence, string path)
    {
        var (claimed, certain) = NamesOf(evidence);
        foreach (var pattern in _blocked)
        {
            if (claimed.FirstOrDefault(pattern.IsMatchOfReference) is { } name)
                yield return new($"{path}.blocked", $"{name} is blocked by the pattern '{pattern}'");
        }
        if (_allowed is null)
            yield break;
        if (certain is null)
            yield return new(
                $"{path}.allowed",
                "nothing says what the image is called, and only some names are allowed"
            );
        else if (!_allowed.Any(pattern => pattern.IsMatchOfReference(certain)))
            yield return new($"{path}.allowed", $"{certain} matches none of the allowed patterns");
    }

    /// <summary>
    /// Every name that something says of the image, for what is blocked; and the one that holds, for what is allowed.
    /// Beside a digest a tag is only talk: the digest decides what is run.
    /// </summary>
    private static (IReadOnlyList<string> Claimed, string? Certain) NamesOf(Evidence evidence)
    {
        var claimed = new List<string>();
        string? certain = null;
        if (evidence is { Name: { } name, Version: { } version })
        {
            certain = $"{name}:{version}";
            claimed.Add(certain);
        }
        if (evidence.Reference is { } reference)
        {
            certain = reference.Digest is { } digest ? $"{reference.Name}@{digest}" : reference.ToString();
            claimed.Add(certain);
            if (reference.Tag is not null)
                claimed.Add($"{reference.Name}:{reference.Tag}");
        }
        return (claimed, certain);
    }
}
