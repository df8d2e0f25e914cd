using System.Text;
using Microsoft.Win32.SafeHandles;
using Oci.Errors;
using Vordr.Linux;
using Vordr.Storage.Extraction;

namespace Vordr.Storage;

/// <summary>What a container's root file system is made of.</summary>
/// <param name="ContainerDirectory">Absolute path of <c>containers/&lt;id&gt;</c>, beneath the state directory.</param>
/// <param name="Layers">Unpacked layers, lowest first, 1 to 127.</param>
/// <param name="ReadOnly">No writable layer: a generated top layer holds the mount points.</param>
/// <param name="MountPoints">What the runtime will mount onto; made beforehand where a read-only image lacks them.</param>
internal sealed record RootFilesystemRequest(
    string ContainerDirectory,
    IReadOnlyList<Layer> Layers,
    bool ReadOnly,
    IReadOnlyList<MountPoint> MountPoints
);

/// <summary>A place inside the root file system that something will be mounted onto.</summary>
/// <param name="Path">Absolute path inside; symbolic links are followed inside the root.</param>
/// <param name="IsFile">A file (<c>/etc/hosts</c>), else a directory.</param>
internal readonly record struct MountPoint(string Path, bool IsFile);

/// <summary>
/// Root file systems by overlayfs: <c>containers/&lt;id&gt;/rootfs</c> over <c>upper</c> and <c>work</c>, or over a
/// generated <c>top</c> layer when read-only. Device nodes of an image don't work in it (nodev): the runtime gives a
/// container its own <c>/dev</c>. Mounting and unmounting twice is the same as once; one container's calls don't run
/// side by side (its lock is the caller's).
/// </summary>
internal sealed class RootFilesystem
{
    /// <summary>Layers of an image; one more may be the generated top layer.</summary>
    public const int MostLayers = 127;

    private readonly string _root;
    private readonly string _containers;

    /// <summary>For the state directory whose <c>l/</c> holds the aliases.</summary>
    public RootFilesystem(string root)
    {
        // mountinfo shows real paths, so that is what we compare with.
        _root = RealPath(root);
        _containers = Path.Combine(_root, "containers");
        PrivateDirectory.Create(_containers);
    }

    /// <summary>Mounts; returns the absolute path of the mounted root. An upper layer that is there is used again.</summary>
    public async Task<string> MountAsync(RootFilesystemRequest request, CancellationToken cancellationToken)
    {
        var paths = PathsOf(request.ContainerDirectory);
        if (IsMounted(request.ContainerDirectory))
            return paths.Target;
        if (request.Layers.Count is 0 or > MostLayers)
        {
            throw new PublicError(
                ErrorId.BundleMalformed,
                $"The image has {request.Layers.Count} layers; 1 to {MostLayers} can be mounted."
            );
        }
        cancellationToken.ThrowIfCancellationRequested();
        PrivateDirectory.Create(paths.Target);
        var lower = request.Layers.Reverse().Select(layer => $"l/{layer.Alias}").ToList();
        using var root = FileSystem.OpenDirectory(_root);
        if (!request.ReadOnly)
        {
            PrivateDirectory.Create(paths.Work);
            MakeUpper(paths.Upper, request.Layers[^1]);
            await MountAsync(root, new Overlay(lower, Relative(paths.Upper), Relative(paths.Work)), paths.Target);
            return paths.Target;
        }
        if (!Directory.Exists(paths.Top))
            await MakeTopAsync(root, request, paths, lower);
        await MountAsync(root, new Overlay([Relative(paths.Top), .. lower], null, null), paths.Target);
        return paths.Target;
    }

    /// <summary>Whether the container's root is mounted in this mount namespace.</summary>
    public bool IsMounted(string containerDirectory)
    {
        var target = PathsOf(containerDirectory).Target;
        return MountTable.Read().Any(mount => mount.Target == target);
    }

    /// <summary>Unmounts (MNT_DETACH); not mounted is fine. Upper and top layers stay.</summary>
    public void Unmount(string containerDirectory)
    {
        var target = PathsOf(containerDirectory).Target;
        // What a killed process stacked twice comes off twice.
        while (Mount.TryUnmount(target)) { }
    }

    /// <summary>Unmounts and removes the whole container directory, however deep; absent is fine.</summary>
    public void Remove(string containerDirectory)
    {
        Unmount(containerDirectory);
        FileTree.Remove(PathsOf(containerDirectory).Container);
    }

    /// <summary>Container directories beneath the state directory whose root is mounted, from mountinfo.</summary>
    public IReadOnlyList<string> Mounted() =>
        [
            .. MountTable
                .Read()
                .Where(mount => mount.Type == "overlay" && Path.GetFileName(mount.Target) == "rootfs")
                .Select(mount => Path.GetDirectoryName(mount.Target)!)
                .Where(directory => Path.GetDirectoryName(directory) == _containers)
                .Distinct(StringComparer.Ordinal),
        ];

    private static Task<bool> MountAsync(SafeFileHandle root, Overlay overlay, string target) =>
        WorkingDirectory.RunIn(
            root,
            () =>
            {
                overlay.MountAt(target);
                return true;
            }
        );

    /// <summary>
    /// The merged root looks like the upper directory, so that one takes the looks of the image's root. It gets its
    /// name when it has them: a kill in between leaves a staged one.
    /// </summary>
    private static void MakeUpper(string upper, Layer topLayer)
    {
        if (Directory.Exists(upper))
            return;
        var staged = upper + ".new";
        FileTree.Remove(staged);
        PrivateDirectory.Create(staged);
        using var image = new LowerLayers([topLayer.Directory]);
        using (var directory = FileSystem.OpenDirectory(staged))
            EntryAttributes.Adopt(directory, ".", image.Find(default)!);
        Published.Rename(staged, upper);
    }

    /// <summary>
    /// Makes the top layer of a read-only root: mounts the image with the layer as its upper directory, makes the
    /// mount points in it (the kernel copies the directories on the way up, with their looks), and unmounts again.
    /// </summary>
    private async Task MakeTopAsync(
        SafeFileHandle root,
        RootFilesystemRequest request,
        Paths paths,
        IReadOnlyList<string> lower
    )
    {
        var staged = paths.Top + ".new";
        FileTree.Remove(staged);
        PrivateDirectory.Create(paths.Work);
        MakeUpper(staged, request.Layers[^1]);
        await MountAsync(root, new Overlay(lower, Relative(staged), Relative(paths.Work)), paths.Target);
        try
        {
            using var merged = FileSystem.OpenDirectory(paths.Target);
            foreach (var mountPoint in request.MountPoints)
                MountPointMaker.Make(merged, mountPoint);
        }
        finally
        {
            Mount.TryUnmount(paths.Target);
        }
        FileTree.Remove(paths.Work);
        Published.Rename(staged, paths.Top);
    }

    private string Relative(string path) => Path.GetRelativePath(_root, path);

    private Paths PathsOf(string containerDirectory)
    {
        var id = Path.GetFileName(containerDirectory);
        if (id is "" or "." or "..")
            throw new ArgumentException(
                $"Not a container's directory: '{containerDirectory}'.",
                nameof(containerDirectory)
            );
        var container = Path.Combine(_containers, id);
        return new Paths(
            container,
            Path.Combine(container, "rootfs"),
            Path.Combine(container, "upper"),
            Path.Combine(container, "work"),
            Path.Combine(container, "top")
        );
    }

    private static string RealPath(string path)
    {
        Directory.CreateDirectory(path);
        using var handle = FileSystem.OpenDirectory(path);
        return
            FileSystem.TryReadLink(FileSystem.WorkingDirectory, $"/proc/self/fd/{handle.DangerousGetHandle()}")
                is { } real
            ? Encoding.UTF8.GetString(real.Bytes)
            : path;
    }

    private sealed record Paths(string Container, string Target, string Upper, string Work, string Top);
}
