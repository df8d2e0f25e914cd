using System.Net.NetworkInformation;
using Vordr.Networks;

namespace Vordr.Tests.Engines;

/// <summary>What of an instance's containers can still be found on the host.</summary>
internal static class Traces
{
    public static IReadOnlyList<string> Of(EngineHost host)
    {
        var root = Path.GetDirectoryName(host.Options.Root)!;
        return
        [
            .. File.ReadLines("/proc/self/mountinfo").Where(line => line.Contains(root, StringComparison.Ordinal)),
            .. Groups(host.Instance),
            .. Links(host.Instance),
            .. Below(host.Options.Root, "containers"),
            .. Below(host.Options.RunRoot, "netns"),
            .. Below(host.Options.RunRoot, "exits"),
            .. Below(host.Options.RunRoot, "persist"),
            // A directory a runtime, and in it one a container.
            .. Below(host.Options.RunRoot, "runtime").SelectMany(Directory.EnumerateFileSystemEntries),
            .. Below(host.Options.RunRoot, "locks")
                .Where(path => path.Contains("container-", StringComparison.Ordinal)),
        ];
    }

    private static IEnumerable<string> Groups(string instance) =>
        Directory
            .EnumerateDirectories("/sys/fs/cgroup")
            .Append("/sys/fs/cgroup")
            .Select(tree => Path.Join(tree, instance))
            .Where(Directory.Exists)
            .SelectMany(Directory.EnumerateDirectories);

    // The kernel drops a pair by itself, some time after its namespace: only bridges are ours to remove.
    private static IEnumerable<string> Links(string instance) =>
        NetworkInterface
            .GetAllNetworkInterfaces()
            .Select(link => link.Name)
            .Where(name => InterfaceNames.IsBridge(instance, name));

    private static IEnumerable<string> Below(string root, string directory)
    {
        var path = Path.Join(root, directory);
        return Directory.Exists(path) ? Directory.EnumerateFileSystemEntries(path) : [];
    }
}
