namespace Oci.Runtime;

/// <summary>A filter of system calls (runtime-spec, <c>seccomp</c>).</summary>
public sealed record SeccompProfile
{
    /// <summary>What happens to calls that no rule names, <c>SCMP_ACT_…</c>.</summary>
    public required string DefaultAction { get; init; }

    /// <summary>errno of the default action, or null for EPERM.</summary>
    public uint? DefaultErrnoRet { get; init; }

    /// <summary>Architectures filtered, <c>SCMP_ARCH_…</c>; null is the native one.</summary>
    public IReadOnlyList<string>? Architectures { get; init; }

    /// <summary>Flags of seccomp(2), <c>SECCOMP_FILTER_FLAG_…</c>.</summary>
    public IReadOnlyList<string>? Flags { get; init; }

    /// <summary>The rules.</summary>
    public IReadOnlyList<SeccompRule>? Syscalls { get; init; }
}

/// <summary>A rule for some system calls.</summary>
public sealed record SeccompRule
{
    /// <summary>Names of system calls; those that the architecture lacks are ignored.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>What happens, <c>SCMP_ACT_…</c>.</summary>
    public required string Action { get; init; }

    /// <summary>errno of <c>SCMP_ACT_ERRNO</c>, or null for EPERM.</summary>
    public uint? ErrnoRet { get; init; }

    /// <summary>Conditions on arguments, all of which must hold; null or empty is none.</summary>
    public IReadOnlyList<SeccompArgument>? Args { get; init; }
}

/// <summary>A condition on one argument of a system call.</summary>
/// <param name="Index">Which argument, from 0.</param>
/// <param name="Value">What it is compared with; the mask of <c>SCMP_CMP_MASKED_EQ</c>.</param>
/// <param name="Op">The comparison, <c>SCMP_CMP_…</c>.</param>
/// <param name="ValueTwo">What a masked argument is compared with.</param>
public sealed record SeccompArgument(uint Index, ulong Value, string Op, ulong ValueTwo = 0);
