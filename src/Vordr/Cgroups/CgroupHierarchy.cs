namespace Vordr.Cgroups;

/// <summary>How the host's control groups are laid out (cgroups(7)).</summary>
internal enum CgroupMode
{
    /// <summary>One tree of version 2.</summary>
    Unified,

    /// <summary>One tree a controller, version 1.</summary>
    Legacy,

    /// <summary>As <see cref="Legacy"/>, and a version-2 tree without controllers beside it.</summary>
    Hybrid,
}

/// <summary>The host's control-group trees, and groups in them. All operations are idempotent.</summary>
internal sealed class CgroupHierarchy
{
    /// <summary>The layout.</summary>
    public CgroupMode Mode => throw new NotImplementedException();

    /// <summary>Reads the layout from the mount table.</summary>
    public static CgroupHierarchy Detect() => throw new NotImplementedException();

    /// <summary>Makes a group in the trees that decide who is ended together, and puts a process into it.</summary>
    /// <param name="path">Absolute, as <c>/vordr/conmon-id</c>.</param>
    /// <param name="pid">The process.</param>
    public void Enter(string path, int pid) => throw new NotImplementedException();

    /// <summary>Processes in the group and below, in any tree.</summary>
    public IReadOnlySet<int> Processes(string path) => throw new NotImplementedException();

    /// <summary>Kills what is left in a group, waits for it, and removes the group from every tree.</summary>
    public Task RemoveAsync(string path, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>How many processes the kernel killed in the group for memory; 0 when it isn't there.</summary>
    public long OomKills(string path) => throw new NotImplementedException();
}
