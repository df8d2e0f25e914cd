using System.Globalization;
using Oci.Errors;
using Vordr.Cgroups;
using Vordr.Conmon;
using Vordr.Decisions;
using Vordr.Networks;
using Vordr.Storage;

namespace Vordr.Doctor;

/// <summary>Looks over the host: what containers need, one check each. Changes nothing.</summary>
internal sealed class HostChecks(Instance instance)
{
    private const string SocketGroup = "vordr";

    public async Task<DoctorReport> ExecuteAsync(CancellationToken cancellation) =>
        new([
            await AskAsync("runtime", () => RuntimeAsync(cancellation)),
            Ask("conmon", () => Good("conmon", ConmonLauncher.Find())),
            Ask("cgroups", Cgroups),
            Ask("overlay", Overlay),
            Ask("network", Network),
            Ask("policy", Policy),
            Ask("trust store", TrustStore),
            Ask("space", Space),
            Ask("socket group", Group),
        ]);

    private async Task<HostCheck> RuntimeAsync(CancellationToken cancellation)
    {
        var program = instance.Runtime.Program;
        var version = await instance.Runtime.VersionAsync(cancellation);
        return Good("runtime", $"{version} at {program.Path}. {program.Why}");
    }

    private HostCheck Cgroups() =>
        instance.Cgroups.Mode switch
        {
            CgroupMode.Unified => Good("cgroups", "version 2"),
            CgroupMode.Legacy => Good("cgroups", "version 1, a tree for each controller"),
            CgroupMode.Hybrid => Good("cgroups", "version 1, and a version 2 tree without controllers beside it"),
            _ => throw new InvalidOperationException("There is no such layout of control groups."),
        };

    private static HostCheck Overlay() =>
        File.ReadLines("/proc/filesystems").Any(line => line.EndsWith("\toverlay", StringComparison.Ordinal))
            ? Good("overlay", "the kernel has overlayfs")
            : new HostCheck(
                "overlay",
                CheckOutcome.Bad,
                "The kernel has no overlayfs, or its module isn't loaded.",
                "modprobe overlay"
            );

    private HostCheck Network()
    {
        var report = instance.Networks.Describe();
        var state = report.Firewall switch
        {
            FirewallCondition.Absent => "is not there, as nothing uses it",
            FirewallCondition.Changed => "was changed by somebody, and is put right at the next use",
            FirewallCondition.Intact => "is intact",
            _ => throw new InvalidOperationException("There is no such condition of a firewall."),
        };
        var detail = $"nft table {report.Table} {state}; {report.Bridges.Count} bridges.";
        return report.Warnings.Count == 0
            ? Good("network", detail)
            : new HostCheck("network", CheckOutcome.Warning, $"{detail} {string.Join(' ', report.Warnings)}");
    }

    private HostCheck Policy()
    {
        var path = Path.Join(instance.Options.ConfigDirectory, Gate.PolicyFile);
        var mode = instance.Gate.Policy().Mode.ToString().ToLowerInvariant();
        if (!File.Exists(path))
            return Good("policy", $"no {path}: the built-in strict policy holds");
        return mode == "strict"
            ? Good("policy", $"{path}, mode strict")
            : new HostCheck(
                "policy",
                CheckOutcome.Warning,
                $"{path} has mode {mode}: what can't be verified may run.",
                "Set \"mode\": \"strict\""
            );
    }

    private HostCheck TrustStore()
    {
        var path = Path.Join(instance.Options.ConfigDirectory, Gate.TrustStoreFile);
        var digest = instance.Gate.TrustStore().Digest;
        return File.Exists(path)
            ? Good("trust store", $"{path}, {digest}")
            : new HostCheck(
                "trust store",
                CheckOutcome.Warning,
                $"There is no {path}: nobody is trusted, and every bundle is refused.",
                $"ct trust init && install -D ~/.config/cerro-torre/trust-store.json {path}"
            );
    }

    private HostCheck Space()
    {
        var free = DiskSpace.Available(instance.Paths.Root);
        var detail = string.Create(
            CultureInfo.InvariantCulture,
            $"{free >> 20} MiB free at {instance.Paths.Root}, {DiskSpace.DefaultKeepFree >> 20} MiB are kept"
        );
        return free > DiskSpace.DefaultKeepFree
            ? Good("space", detail)
            : new HostCheck("space", CheckOutcome.Bad, detail + ": nothing can be loaded.", "Free space on its disk");
    }

    private static HostCheck Group()
    {
        var line = File.Exists("/etc/group")
            ? File.ReadLines("/etc/group")
                .FirstOrDefault(entry => entry.StartsWith(SocketGroup + ":", StringComparison.Ordinal))
            : null;
        var members = line?.Split(':') is [_, _, _, { Length: > 0 } names] ? names : null;
        return members is null
            ? Good("socket group", $"nobody but root may use the socket of vordr serve")
            : new HostCheck(
                "socket group",
                CheckOutcome.Warning,
                $"Members of the group {SocketGroup} may do what root may: {members}.",
                "gpasswd -d USER vordr, for whoever needn't"
            );
    }

    private static HostCheck Good(string name, string detail) => new(name, CheckOutcome.Good, detail);

    private static HostCheck Ask(string name, Func<HostCheck> check)
    {
        try
        {
            return check();
        }
        catch (PublicError error)
        {
            return Told(name, error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or DllNotFoundException)
        {
            return new HostCheck(name, CheckOutcome.Bad, error.Message);
        }
    }

    private static async Task<HostCheck> AskAsync(string name, Func<Task<HostCheck>> check)
    {
        try
        {
            return await check();
        }
        catch (PublicError error)
        {
            return Told(name, error);
        }
    }

    private static HostCheck Told(string name, PublicError error) =>
        new(name, CheckOutcome.Bad, error.Message, error.Suggestions.Count > 0 ? error.Suggestions[0] : null);
}
