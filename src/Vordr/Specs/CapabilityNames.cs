using Oci.Errors;

namespace Vordr.Specs;

/// <summary>Names of Linux capabilities (capabilities(7)), and the set that a container has unless told otherwise.</summary>
internal static class CapabilityNames
{
    private const string Every = "ALL";

    /// <summary>All that there are; the index is the number.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "CAP_CHOWN",
        "CAP_DAC_OVERRIDE",
        "CAP_DAC_READ_SEARCH",
        "CAP_FOWNER",
        "CAP_FSETID",
        "CAP_KILL",
        "CAP_SETGID",
        "CAP_SETUID",
        "CAP_SETPCAP",
        "CAP_LINUX_IMMUTABLE",
        "CAP_NET_BIND_SERVICE",
        "CAP_NET_BROADCAST",
        "CAP_NET_ADMIN",
        "CAP_NET_RAW",
        "CAP_IPC_LOCK",
        "CAP_IPC_OWNER",
        "CAP_SYS_MODULE",
        "CAP_SYS_RAWIO",
        "CAP_SYS_CHROOT",
        "CAP_SYS_PTRACE",
        "CAP_SYS_PACCT",
        "CAP_SYS_ADMIN",
        "CAP_SYS_BOOT",
        "CAP_SYS_NICE",
        "CAP_SYS_RESOURCE",
        "CAP_SYS_TIME",
        "CAP_SYS_TTY_CONFIG",
        "CAP_MKNOD",
        "CAP_LEASE",
        "CAP_AUDIT_WRITE",
        "CAP_AUDIT_CONTROL",
        "CAP_SETFCAP",
        "CAP_MAC_OVERRIDE",
        "CAP_MAC_ADMIN",
        "CAP_SYSLOG",
        "CAP_WAKE_ALARM",
        "CAP_BLOCK_SUSPEND",
        "CAP_AUDIT_READ",
        "CAP_PERFMON",
        "CAP_BPF",
        "CAP_CHECKPOINT_RESTORE",
    ];

    /// <summary>What a container has: enough to serve and to change users, nothing that reaches the host.</summary>
    public static IReadOnlyList<string> Default { get; } =
    [
        "CAP_CHOWN",
        "CAP_DAC_OVERRIDE",
        "CAP_FOWNER",
        "CAP_FSETID",
        "CAP_KILL",
        "CAP_NET_BIND_SERVICE",
        "CAP_SETFCAP",
        "CAP_SETGID",
        "CAP_SETPCAP",
        "CAP_SETUID",
        "CAP_SYS_CHROOT",
    ];

    /// <summary>The set asked for: the default one, with and without; <c>ALL</c> stands for all.</summary>
    public static IReadOnlyList<string> Choose(bool privileged, IReadOnlyList<string> add, IReadOnlyList<string> drop)
    {
        var added = add.Select(Normalize).ToHashSet(StringComparer.Ordinal);
        var dropped = drop.Select(Normalize).ToHashSet(StringComparer.Ordinal);
        IEnumerable<string> start =
            privileged || added.Contains(Every) ? All
            : dropped.Contains(Every) ? []
            : Default;
        var chosen = start.Concat(added).Where(name => name != Every && !dropped.Contains(name)).ToHashSet();
        return [.. chosen.Order(StringComparer.Ordinal)];
    }

    private static string Normalize(string name)
    {
        var upper = name.Trim().ToUpperInvariant();
        if (upper == Every)
            return Every;
        var full = upper.StartsWith("CAP_", StringComparison.Ordinal) ? upper : "CAP_" + upper;
        return All.Contains(full, StringComparer.Ordinal)
            ? full
            : throw new PublicError(ErrorId.Usage, $"'{name}' is not a capability.", "see capabilities(7)");
    }
}
