using Vordr.Linux;
using Vordr.Locks;
using Vordr.State;

namespace Vordr.Containers;

/// <summary>
/// The locks under which a container is changed: the network's where its network is concerned, then its own, in this
/// order. The network's is let go of as soon as the network stands; whoever needs it again lets go of both first.
/// </summary>
internal sealed class ContainerHold : IDisposable
{
    private readonly FileLock _container;
    private FileLock? _network;

    private ContainerHold(FileLock? network, FileLock container)
    {
        _network = network;
        _container = container;
    }

    /// <summary>Takes the locks, waiting for their holders.</summary>
    public static async Task<ContainerHold> TakeAsync(
        LockDirectory locks,
        ContainerId id,
        bool withNetwork,
        CancellationToken cancellation
    )
    {
        var network = withNetwork ? await locks.TakeAsync(LockNames.Networks, cancellation) : null;
        try
        {
            return new ContainerHold(network, await locks.TakeAsync(LockNames.Container(id), cancellation));
        }
        catch
        {
            network?.Dispose();
            throw;
        }
    }

    /// <summary>Lets others at the network.</summary>
    public void ReleaseNetwork()
    {
        _network?.Dispose();
        _network = null;
    }

    /// <summary>The container is gone: nobody will lock its name again.</summary>
    public void Unlink() => _container.Unlink();

    /// <summary>As <see cref="Unlink"/>, for who came too late: taking the lock has made its file anew.</summary>
    public void UnlinkUnlessKnown(Database database, ContainerId id)
    {
        if (database.Read(session => session.FindContainer(id)) is null)
            Unlink();
    }

    public void Dispose()
    {
        _container.Dispose();
        ReleaseNetwork();
    }
}
