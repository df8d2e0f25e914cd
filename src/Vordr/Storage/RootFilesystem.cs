namespace Vordr.Storage;

/// <summary>What a container's root file system is made of.</summary>
/// <param name="ContainerDirectory">Absolute path of <c>containers/&lt;id&gt;</c>.</param>
/// <param name="Layers">Unpacked layers, lowest first, 1 to 127.</param>
/// <param name="ReadOnly">No writable layer: a generated top layer holds the mount points.</param>
/// <param name="MountPoints">What the runtime will mount onto; made beforehand where the image lacks them.</param>
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
/// generated top layer when read-only. Mounting and unmounting twice is the same as once.
/// </summary>
internal sealed class RootFilesystem
{
    /// <summary>For the state directory whose <c>l/</c> holds the aliases.</summary>
    public RootFilesystem(string root) => throw new NotImplementedException();

    /// <summary>Mounts; returns the absolute path of the mounted root.</summary>
    public Task<string> MountAsync(RootFilesystemRequest request, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    /// <summary>Whether the container's root is mounted in this mount namespace.</summary>
    public bool IsMounted(string containerDirectory) => throw new NotImplementedException();

    /// <summary>Unmounts (MNT_DETACH); not mounted is fine. Upper and top layers stay.</summary>
    public void Unmount(string containerDirectory) => throw new NotImplementedException();

    /// <summary>Unmounts and removes the whole container directory, however deep; absent is fine.</summary>
    public void Remove(string containerDirectory) => throw new NotImplementedException();

    /// <summary>Container directories beneath the state directory whose root is mounted, from mountinfo.</summary>
    public IReadOnlyList<string> Mounted() => throw new NotImplementedException();
}
