using Vordr.Cgroups;
using Vordr.Networks;

namespace Vordr.Containers;

/// <summary>
/// Removes everything that bringing a container up made: processes, control groups, network, mount. The caller holds
/// network and container lock. Whatever isn't there any more is fine, so twice is once.
/// </summary>
internal sealed class TakeDown(Instance instance)
{
    public async Task ExecuteAsync(ContainerRow container)
    {
        var id = container.Id.ToString();
        // What has begun is brought to its end: a removal that is cancelled half way would only be begun again.
        var cancellation = CancellationToken.None;
        await instance.Runtime.DeleteAsync(id, force: true, cancellation);
        await instance.Cgroups.RemoveAsync(
            instance.Runtime.ControlGroup(instance.Paths.Instance, id),
            instance.Watcher,
            cancellation
        );
        await instance.Cgroups.RemoveAsync(
            CgroupPaths.Conmon(instance.Paths.Instance, id),
            instance.Watcher,
            cancellation
        );
        new ContainerNetworks(instance).TearDown(container);
        instance.Rootfs.Unmount(instance.Paths.Container(container.Id));
        instance.MayBeIdle();
    }

    /// <summary>Removes what conmon left behind, once the database has it.</summary>
    public void Forget(ContainerId id)
    {
        instance.Exits.Remove(id.ToString());
        var persist = instance.Paths.Persist(id);
        if (Directory.Exists(persist))
            Directory.Delete(persist, recursive: true);
    }
}
