using Oci;

namespace Trust.Policies;

/// <summary>How a policy treats what it finds.</summary>
public enum PolicyMode
{
    /// <summary>Whatever fails refuses.</summary>
    Strict,

    /// <summary>Missing evidence passes, marked unverified; wrong evidence refuses.</summary>
    Permissive,

    /// <summary>As permissive, and what the rules deny passes too.</summary>
    Audit,
}

/// <summary>What an operator demands of a bundle before it may run (<c>policy.v1</c>).</summary>
public sealed class Policy
{
    /// <summary>The built-in policy, in force where no file says otherwise.</summary>
    public static Policy Strict { get; } = null!;

    /// <summary>Strict, permissive or audit.</summary>
    public PolicyMode Mode { get; private init; }

    /// <summary>Rules of the run, or null where the file has none.</summary>
    public RunRules? Run { get; private init; }

    /// <summary>SHA-256 of the policy's bytes.</summary>
    public Digest Digest { get; private init; }

    /// <summary>Reads a policy.</summary>
    /// <exception cref="Oci.Errors.PublicError">It isn't valid; the message says where.</exception>
    public static Policy Parse(ReadOnlyMemory<byte> utf8) => throw new NotImplementedException();

    /// <summary>Reads a policy file.</summary>
    /// <exception cref="Oci.Errors.PublicError">There is none, or it isn't valid.</exception>
    public static Policy Load(string path) => throw new NotImplementedException();

    /// <summary>Reads a policy file; the built-in policy where there is no such file.</summary>
    /// <exception cref="Oci.Errors.PublicError">It isn't valid, or can't be read.</exception>
    public static Policy LoadOrStrict(string path) => throw new NotImplementedException();
}
