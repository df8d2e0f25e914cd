using Trust.Keys;
using Trust.Policies;

namespace Trust.Stores;

/// <summary>A key that a trust store lists in a role.</summary>
public sealed record TrustedKey
{
    /// <summary>The role.</summary>
    public required string Role { get; init; }

    /// <summary>The key.</summary>
    public required PublicKey PublicKey { get; init; }

    /// <summary>The key's id.</summary>
    public KeyId Id => PublicKey.Id;

    /// <summary>Signatures made earlier don't count.</summary>
    public required DateTimeOffset ValidFrom { get; init; }

    /// <summary>Signatures made then or later don't count; null: no end.</summary>
    public DateTimeOffset? ValidUntil { get; init; }

    /// <summary>Signatures not proven earlier never stand; null: not revoked.</summary>
    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>Names of packages that the key may speak of; null: of all.</summary>
    public IReadOnlyList<string>? Names { get; init; }

    /// <summary>What the operator noted about the key.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>What people call the key: its <c>name</c> in <see cref="Metadata"/>, or null.</summary>
    public string? Label => Metadata?.GetValueOrDefault(LabelName);

    /// <summary>Name of the member of <see cref="Metadata"/> that holds the label.</summary>
    internal const string LabelName = "name";

    /// <summary>Whether the key may speak of a package.</summary>
    public bool Covers(string? packageName) => NameScope.Covers(Names, packageName);
}

/// <summary>So many of these keys.</summary>
public sealed record Threshold
{
    /// <summary>The name that policies call it by.</summary>
    public required string Name { get; init; }

    /// <summary>How many distinct members must have signed.</summary>
    public required int K { get; init; }

    /// <summary>The members.</summary>
    public required IReadOnlyList<KeyId> Members { get; init; }

    /// <summary>Names of packages that the threshold may speak of; null: of all.</summary>
    public IReadOnlyList<string>? Names { get; init; }

    /// <summary>Whether the threshold may speak of a package.</summary>
    public bool Covers(string? packageName) => NameScope.Covers(Names, packageName);
}

/// <summary>A transparency log that the operator trusts. Listed, and demanded; its proofs can't be checked yet.</summary>
/// <param name="Id">The checkpoint origin.</param>
/// <param name="Operator">Who runs it.</param>
public sealed record TrustedLog(string Id, string Operator);

/// <summary>Scopes by package name. A scope narrows, so a pattern is held against the whole name, never a part of it.</summary>
internal static class NameScope
{
    public static bool Covers(IReadOnlyList<string>? patterns, string? packageName) =>
        patterns is null
        || (packageName is not null && patterns.Any(pattern => NamePattern.Parse(pattern).IsMatch(packageName)));
}
