using System.Globalization;

namespace Vordr.Processes;

/// <summary>Signals by name and number (signal(7)); numbers of the architectures that .NET runs on.</summary>
internal static class Signals
{
    /// <summary>SIGINT.</summary>
    public const int Interrupt = 2;

    /// <summary>SIGKILL.</summary>
    public const int Kill = 9;

    /// <summary>SIGTERM.</summary>
    public const int Terminate = 15;

    private static readonly IReadOnlyList<string> Names =
    [
        "HUP",
        "INT",
        "QUIT",
        "ILL",
        "TRAP",
        "ABRT",
        "BUS",
        "FPE",
        "KILL",
        "USR1",
        "SEGV",
        "USR2",
        "PIPE",
        "ALRM",
        "TERM",
        "STKFLT",
        "CHLD",
        "CONT",
        "STOP",
        "TSTP",
        "TTIN",
        "TTOU",
        "URG",
        "XCPU",
        "XFSZ",
        "VTALRM",
        "PROF",
        "WINCH",
        "IO",
        "PWR",
        "SYS",
    ];

    private const int RealTimeMinimum = 34;
    private const int RealTimeMaximum = 64;

    /// <summary>
    /// The number of <c>15</c>, <c>TERM</c>, <c>SIGTERM</c>, <c>RTMIN+3</c> or <c>RTMAX-1</c>, in any case; null when it is
    /// none.
    /// </summary>
    public static int? Parse(string text)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return number is >= 1 and <= RealTimeMaximum ? number : null;
        var name = text.ToUpperInvariant();
        if (name.StartsWith("SIG", StringComparison.Ordinal))
            name = name[3..];
        return name switch
        {
            "POLL" => 29,
            "IOT" => 6,
            "RTMIN" => RealTimeMinimum,
            "RTMAX" => RealTimeMaximum,
            _ when name.StartsWith("RTMIN+", StringComparison.Ordinal) => RealTime(name[6..], RealTimeMinimum, 1),
            _ when name.StartsWith("RTMAX-", StringComparison.Ordinal) => RealTime(name[6..], RealTimeMaximum, -1),
            _ => Ordinary(name),
        };
    }

    /// <summary>The name of a number, as <c>SIGTERM</c>.</summary>
    public static string Name(int signal) =>
        signal >= 1 && signal <= Names.Count
            ? "SIG" + Names[signal - 1]
            : string.Create(CultureInfo.InvariantCulture, $"SIG{signal}");

    private static int? Ordinary(string name)
    {
        for (var index = 0; index < Names.Count; index++)
        {
            if (Names[index] == name)
                return index + 1;
        }
        return null;
    }

    private static int? RealTime(string offset, int start, int direction) =>
        int.TryParse(offset, NumberStyles.None, CultureInfo.InvariantCulture, out var steps)
        && steps <= RealTimeMaximum - RealTimeMinimum
            ? start + (direction * steps)
            : null;
}
