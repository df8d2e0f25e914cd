using System.Globalization;
using Oci.Runtime;
using Vordr.Linux;

namespace Vordr.Specs;

/// <summary>
/// What this process may hand on. A runtime fails on a spec that asks for a capability that isn't in its bounding set,
/// or for a resource limit above its own; so a spec is clipped to them, and says so.
/// </summary>
/// <param name="Capabilities">Capabilities that are in the bounding and in the permitted set.</param>
/// <param name="Rlimits">Hard limit by name; a name that isn't there is unlimited.</param>
internal sealed record HostLimits(IReadOnlySet<string> Capabilities, IReadOnlyDictionary<string, ulong> Rlimits)
{
    private const string FileLimit = "RLIMIT_NOFILE";

    // What a service manager gives: programs that need more raise it themselves, and those that walk over every
    // possible descriptor don't stall.
    private const ulong DefaultFilesSoft = 1024;
    private const ulong DefaultFilesHard = 524_288;

    /// <summary>Those of this process.</summary>
    public static HostLimits Read()
    {
        var capabilities = ParseCapabilities(File.ReadAllText("/proc/self/status"));
        return new(capabilities, capabilities.Contains("CAP_SYS_RESOURCE") ? Unlimited() : Own());
    }

    /// <summary>The capabilities that are both in <c>CapBnd</c> and in <c>CapPrm</c> of a <c>/proc/pid/status</c>.</summary>
    public static IReadOnlySet<string> ParseCapabilities(string status)
    {
        var mask = ulong.MaxValue;
        foreach (var line in status.Split('\n'))
        {
            if (
                line.StartsWith("CapBnd:", StringComparison.Ordinal)
                || line.StartsWith("CapPrm:", StringComparison.Ordinal)
            )
                mask &= ulong.Parse(line.AsSpan(7).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        }
        return CapabilityNames
            .All.Where((_, number) => (mask & (1UL << number)) != 0)
            .ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>The capabilities of <paramref name="wanted"/> that can be had; a note names the others.</summary>
    public IReadOnlyList<string> Clip(IReadOnlyList<string> wanted, List<string> notes)
    {
        var missing = wanted.Where(name => !Capabilities.Contains(name)).ToList();
        if (missing.Count > 0)
            notes.Add($"This host does not have {string.Join(", ", missing)}: left out.");
        return [.. wanted.Where(Capabilities.Contains)];
    }

    /// <summary>
    /// The resource limits asked for and the default ones, none above the host's; a note names what was asked for and
    /// can't be had.
    /// </summary>
    public IReadOnlyList<ProcessRlimit> Clip(IReadOnlyList<ProcessRlimit> wanted, List<string> notes)
    {
        var result = new List<ProcessRlimit>();
        foreach (var limit in wanted)
        {
            var clipped = Clip(limit);
            if (clipped != limit)
                notes.Add(
                    $"This host allows {limit.Type} up to {clipped.Hard}, not {Math.Max(limit.Hard, limit.Soft)}."
                );
            result.Add(clipped);
        }
        if (wanted.All(limit => limit.Type != FileLimit))
            result.Add(Clip(new(FileLimit, DefaultFilesHard, DefaultFilesSoft)));
        return result;
    }

    private ProcessRlimit Clip(ProcessRlimit limit)
    {
        var most = Rlimits.TryGetValue(limit.Type, out var hard) ? hard : ulong.MaxValue;
        var clippedHard = Math.Min(limit.Hard, most);
        return limit with { Hard = clippedHard, Soft = Math.Min(limit.Soft, clippedHard) };
    }

    private static Dictionary<string, ulong> Own() => Names().ToDictionary(name => name, name => Hard(name));

    // Even CAP_SYS_RESOURCE can't open more files than the kernel's own limit.
    private static Dictionary<string, ulong> Unlimited() =>
        new(StringComparer.Ordinal)
        {
            [FileLimit] = ulong.Parse(File.ReadAllText("/proc/sys/fs/nr_open").Trim(), CultureInfo.InvariantCulture),
        };

    private static ulong Hard(string name) => ResourceLimits.Get(ResourceLimits.Number(name)!.Value).Hard;

    private static IEnumerable<string> Names() =>
        [
            "RLIMIT_CPU",
            "RLIMIT_FSIZE",
            "RLIMIT_DATA",
            "RLIMIT_STACK",
            "RLIMIT_CORE",
            "RLIMIT_RSS",
            "RLIMIT_NPROC",
            FileLimit,
            "RLIMIT_MEMLOCK",
            "RLIMIT_AS",
            "RLIMIT_LOCKS",
            "RLIMIT_SIGPENDING",
            "RLIMIT_MSGQUEUE",
            "RLIMIT_NICE",
            "RLIMIT_RTPRIO",
            "RLIMIT_RTTIME",
        ];
}
