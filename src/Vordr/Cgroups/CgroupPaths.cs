namespace Vordr.Cgroups;

/// <summary>Names of control groups.</summary>
internal static class CgroupPaths
{
    /// <summary>A container's group, absolute in every tree, where the runtime makes groups itself.</summary>
    public static string Container(string instance, string containerId) => $"/{instance}/{containerId}";

    /// <summary>
    /// A container's group where systemd makes it: a scope in the instance's slice. A slice whose name has a dash lies in
    /// the slice of what is before the dash (systemd.slice(5)).
    /// </summary>
    public static string SystemdContainer(string instance, string containerId)
    {
        var slices = instance
            .Split('-')
            .Select((_, index) => string.Join('-', instance.Split('-').Take(index + 1)) + ".slice");
        return $"/{string.Join('/', slices)}/{instance}-{containerId}.scope";
    }

    /// <summary>What the spec names for <see cref="SystemdContainer"/>.</summary>
    public static string SystemdSpec(string instance, string containerId) =>
        $"{instance}.slice:{instance}:{containerId}";

    /// <summary>The group of a container's conmon.</summary>
    public static string Conmon(string instance, string containerId) => $"/{instance}/conmon-{containerId}";

    /// <summary>The group that holds all groups of an instance.</summary>
    public static string Instance(string instance) => $"/{instance}";
}
