using System.Runtime.InteropServices;

namespace Vordr.Linux;

/// <summary>Resource limits of this process, which bound those of every child: prlimit(2).</summary>
internal static partial class ResourceLimits
{
    /// <summary>Number of a limit by its name in the runtime-spec; null for an unknown one (getrlimit(2)).</summary>
    public static int? Number(string name) =>
        name switch
        {
            "RLIMIT_CPU" => 0,
            "RLIMIT_FSIZE" => 1,
            "RLIMIT_DATA" => 2,
            "RLIMIT_STACK" => 3,
            "RLIMIT_CORE" => 4,
            "RLIMIT_RSS" => 5,
            "RLIMIT_NPROC" => 6,
            "RLIMIT_NOFILE" => 7,
            "RLIMIT_MEMLOCK" => 8,
            "RLIMIT_AS" => 9,
            "RLIMIT_LOCKS" => 10,
            "RLIMIT_SIGPENDING" => 11,
            "RLIMIT_MSGQUEUE" => 12,
            "RLIMIT_NICE" => 13,
            "RLIMIT_RTPRIO" => 14,
            "RLIMIT_RTTIME" => 15,
            _ => null,
        };

    /// <summary>The soft and hard limit of this process.</summary>
    public static (ulong Soft, ulong Hard) Get(int number)
    {
        LinuxError.Check(prlimit64(0, number, 0, out var limit), "prlimit64");
        return (limit.Soft, limit.Hard);
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int prlimit64(int pid, int resource, nint newLimit, out Limit oldLimit);

    [StructLayout(LayoutKind.Sequential)]
    private struct Limit
    {
        public ulong Soft;
        public ulong Hard;
    }
}
