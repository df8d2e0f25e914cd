using Oci.Errors;
using Vordr.Linux;
using Vordr.Processes;

namespace Vordr.Networks;

/// <summary>
/// The host's ip_forward: switched on at first use, the value before remembered in a file under the run root, put
/// back when the last instance on the host leaves. (route_localnet is set on our bridges alone, and goes with them.)
/// </summary>
internal sealed class HostSettings(string runRoot)
{
    private const string IpForwardPath = "/proc/sys/net/ipv4/ip_forward";
    private readonly string _memory = Path.Join(runRoot, "host-settings");

    /// <summary>
    /// Held while a table of ours comes or goes, by any instance on this host: who leaves last puts the host's
    /// setting back, and two must not both, or neither, be last.
    /// </summary>
    public static IDisposable TakeTurn() =>
        new Turn(FileLock.Acquire("/run/vordr-host-settings.lock", exclusive: true));

    /// <summary>Whether the host forwards IPv4 packets now.</summary>
    public static bool IpForward => File.ReadAllText(IpForwardPath).AsSpan().Trim() is not "0";

    /// <summary>Whether something is remembered, be it half, or from before the last boot.</summary>
    public bool IsRemembered => File.Exists(_memory) || File.Exists(Draft);

    /// <summary>The value before our first use since boot, or null when nothing is remembered.</summary>
    public bool? Remembered
    {
        get
        {
            string[] lines;
            try
            {
                lines = File.ReadAllLines(_memory);
            }
            catch (FileNotFoundException)
            {
                return null;
            }
            catch (DirectoryNotFoundException)
            {
                return null;
            }
            // A memory from before the last boot is about a kernel that is gone.
            return lines is [var boot, var value] && boot == ProcessIdentity.CurrentBootId
                ? value == "ip_forward=1"
                : null;
        }
    }

    /// <summary>Remembers the value before our first use; what is remembered already stays.</summary>
    public void Remember(bool ipForward)
    {
        if (Remembered is not null)
            return;
        Directory.CreateDirectory(runRoot);
        // Whole or not at all: half a memory would be none, and the value would be lost.
        File.WriteAllText(Draft, $"{ProcessIdentity.CurrentBootId}\nip_forward={(ipForward ? 1 : 0)}\n");
        File.Move(Draft, _memory, overwrite: true);
    }

    /// <summary>Switches forwarding on where it is off; returns the note for the user, or null.</summary>
    public static string? EnsureForwarding()
    {
        if (IpForward)
            return null;
        Write(IpForwardPath, "1");
        return "net.ipv4.ip_forward was 0 and is 1 while containers use a bridge network; it is put back afterwards.";
    }

    /// <summary>Puts the remembered value back, unless <paramref name="keep"/>; forgets it in any case.</summary>
    public void Restore(bool keep)
    {
        if (!keep && Remembered is false && IpForward)
            Write(IpForwardPath, "0");
        File.Delete(Draft);
        File.Delete(_memory);
    }

    /// <summary>
    /// Lets packets from 127/8 leave by this bridge, so that published ports answer on loopback. On the bridge alone:
    /// every other interface keeps dropping such packets, whatever becomes of our firewall table.
    /// </summary>
    public static void RouteLoopback(string bridge)
    {
        var path = $"/proc/sys/net/ipv4/conf/{bridge}/route_localnet";
        if (File.ReadAllText(path).AsSpan().Trim() is "0")
            Write(path, "1");
    }

    private string Draft => _memory + ".new";

    private static void Write(string path, string value)
    {
        try
        {
            File.WriteAllText(path, value);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new PublicError(
                ErrorId.Network,
                $"The host setting {path} can't be set to {value}; bridge networks need it.",
                refused,
                "run as root, with /proc/sys writable",
                "or run the container with --network none or --network host"
            );
        }
    }

    /// <summary>The lock's file exists only while it is held: an unused Vörðr leaves nothing on the host.</summary>
    private sealed class Turn(FileLock held) : IDisposable
    {
        public void Dispose()
        {
            held.Unlink();
            held.Dispose();
        }
    }
}
