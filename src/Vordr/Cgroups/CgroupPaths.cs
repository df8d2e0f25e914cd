namespace Vordr.Cgroups;

/// <summary>Names of control groups.</summary>
internal static class CgroupPaths
{
    /// <summary>A container's group, absolute in every tree.</summary>
    public static string Container(string instance, string containerId) => $"/{instance}/{containerId}";

    /// <summary>The group of a container's conmon.</summary>
    public static string Conmon(string instance, string containerId) => $"/{instance}/conmon-{containerId}";

    /// <summary>The group that holds all groups of an instance.</summary>
    public static string Instance(string instance) => $"/{instance}";
}
