using Oci.Image;
using Trust.Policies;
using Trust.Verdicts;
using Vordr.Bundles;
using Vordr.Conmon;
using Vordr.Networks;
using Vordr.Processes;
using Vordr.Specs;
using Vordr.Storage;

namespace Vordr.Containers;

/// <summary>What bringing a container up left.</summary>
/// <param name="Process">Its first process, waiting to be started.</param>
/// <param name="Conmon">Its conmon.</param>
/// <param name="Runtime">The OCI runtime that made it.</param>
/// <param name="Command">What it will execute.</param>
/// <param name="Notes">What was clipped to the host's limits, in words.</param>
/// <param name="Verdict">The verdict on its content and on the finished spec.</param>
internal sealed record BroughtUp(
    ProcessIdentity Process,
    ProcessIdentity Conmon,
    string Runtime,
    IReadOnlyList<string> Command,
    IReadOnlyList<string> Notes,
    Verdict Verdict
);

/// <summary>Who judges the finished spec.</summary>
/// <param name="Verdict">The verdict on the content, which allows.</param>
/// <param name="Rules">Every set of rules that must allow.</param>
internal sealed record SpecRules(Verdict Verdict, IReadOnlyList<RunRules> Rules);

/// <summary>
/// Makes a container's process, up to but not including the program's first instruction. The caller holds the
/// container's lock and has its journal row open; what is left behind by a failure is for the journal.
/// <list type="number">
/// <item>Root filesystem, with the places that something will be mounted onto.</item>
/// <item>Network namespace.</item>
/// <item>The whole runtime spec.</item>
/// <item>The rules over the finished spec: refused here, nothing of it ran.</item>
/// <item>conmon, and through it the runtime's create.</item>
/// </list>
/// </summary>
internal sealed class BringUp(Instance instance)
{
    public async Task<BroughtUp> ExecuteAsync(
        ContainerRow container,
        BundleRow bundle,
        IReadOnlyList<Layer> layers,
        SpecRules rules,
        CancellationToken cancellation
    )
    {
        var directory = instance.Paths.Container(container.Id);
        Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var input = Input(container, await ImageFile.ReadAsync(instance.Content, bundle, cancellation), directory);
        var rootfs = await instance.Rootfs.MountAsync(
            new RootFilesystemRequest(directory, layers, input.ReadOnly, MountPoints(input)),
            cancellation
        );
        if (input.Network.NamespacePath is { } pin)
            instance.Networks.CreateNetworkNamespace(pin);
        var (spec, notes) = new SpecBuilder(
            instance.Runtime.Program,
            instance.Cgroups,
            Path.Join(instance.Paths.Root, "seccomp")
        ).Build(input with { RootfsPath = rootfs });
        var verdict = RunVerdict.Over(spec, Facts(instance, container), rules);
        if (!verdict.Allowed)
            throw new RunRefused(verdict);
        await SpecFile.WriteAsync(instance.Paths.Spec(container.Id), spec, cancellation);
        var processes = await CreateAsync(container, cancellation);
        return new BroughtUp(
            processes.Init,
            processes.Conmon,
            instance.Runtime.Program.Name,
            spec.Process.Args,
            notes,
            verdict
        );
    }

    private async Task<ContainerProcess> CreateAsync(ContainerRow container, CancellationToken cancellation)
    {
        var id = container.Id.ToString();
        var persist = instance.Paths.Persist(container.Id);
        // A former life's exit code must not be taken for this one's.
        instance.Exits.Remove(id);
        if (Directory.Exists(persist))
            Directory.Delete(persist, recursive: true);
        Directory.CreateDirectory(persist, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return await instance.Conmon.CreateAsync(
            new ConmonStart
            {
                ContainerId = id,
                Name = container.Name,
                BundleDirectory = instance.Paths.Container(container.Id),
                LogPath = instance.Paths.Log(container.Id),
                ExitDirectory = instance.Paths.Exits,
                PersistDirectory = persist,
                Instance = instance.Paths.Instance,
                StandardInput = container.Options.Interactive,
                ExitCommand = instance.CallSelf("settle", id),
            },
            cancellation
        );
    }

    private SpecInput Input(ContainerRow container, ImageConfig image, string directory)
    {
        var options = container.Options;
        return new SpecInput
        {
            ContainerId = container.Id.ToString(),
            Instance = instance.Paths.Instance,
            RootfsPath = Path.Join(directory, "rootfs"),
            ContainerDirectory = directory,
            ReadOnly = options.ReadOnly,
            Image = image.Config,
            Entrypoint = options.Entrypoint,
            Command = options.Command.Count > 0 ? options.Command : null,
            Env = options.Env,
            User = options.User,
            WorkingDirectory = options.WorkDir,
            Hostname = options.Hostname,
            Binds = [.. options.Volumes.Select(volume => new BindMount(volume.Source, volume.Target, volume.ReadOnly))],
            Network = Network(container),
            Memory = options.Memory,
            PidsLimit = options.PidsLimit,
            Privileged = options.Privileged,
            CapAdd = options.CapAdd,
            CapDrop = options.CapDrop,
            Devices = options.Devices,
        };
    }

    private NetworkInput Network(ContainerRow container)
    {
        if (!NetworkNames.IsBridge(container.Network))
        {
            return new NetworkInput
            {
                Mode = container.Network == NetworkNames.Host ? Specs.NetworkMode.Host : Specs.NetworkMode.None,
            };
        }
        var address = instance.Database.Read(session => session.FindAddress(container.Id));
        return new NetworkInput
        {
            Mode = Specs.NetworkMode.Bridge,
            NamespacePath = instance.Networks.PinPath(container.Id.ToString()),
            Addresses = [address!.ToString()],
        };
    }

    private static List<Storage.MountPoint> MountPoints(SpecInput input) =>
        [
            .. SpecBuilder
                .MountPoints(input)
                .Select(point => new Storage.MountPoint(point.Path, IsFile: !point.IsDirectory)),
        ];

    /// <summary>What was asked for and a finished spec doesn't show.</summary>
    public static RunFacts Facts(Instance instance, ContainerRow container) =>
        new()
        {
            Privileged = container.Options.Privileged,
            HostPaths = [.. container.Options.Volumes.Select(volume => HostPath.Resolve(volume.Source))],
            Devices = [.. container.Options.Devices.Select(device => HostPath.Resolve(device.Split(':')[0]))],
            OwnPaths = [instance.Paths.Container(container.Id), instance.Networks.PinPath(container.Id.ToString())],
        };
}
