namespace EndToEnd.Stage;

/// <summary>What a site's Vörðr holds in the kernel: mounts, namespaces, links, tables, control groups, processes.</summary>
internal static class Remains
{
    public static async Task<IReadOnlyList<string>> OfAsync(Site site)
    {
        var remains = new List<string>();
        remains.AddRange(Mounts(site).Select(mount => $"mount {mount}"));
        remains.AddRange((await LinksAsync(site)).Select(link => $"link {link}"));
        remains.AddRange((await TablesAsync(site)).Select(table => $"table {table}"));
        remains.AddRange(ControlGroups(site).Select(group => $"control group {group}"));
        remains.AddRange(Processes(site).Select(pid => $"process {pid} {CommandLine(pid)}"));
        return remains;
    }

    /// <summary>Takes away whatever a failed test left, so that the next one begins clean.</summary>
    public static async Task SweepAsync(Site site)
    {
        foreach (var pid in Processes(site))
            await Command.RunAsync("kill", "-KILL", $"{pid}");
        foreach (var mount in Mounts(site).Reverse())
            await Command.RunAsync("umount", "-l", mount);
        // crun 1.8 runs from a copy of itself bound there; killed at the wrong moment it leaves that. No Vörðr's doing.
        foreach (var copy in Directory.EnumerateFiles("/tmp", "crun.??????"))
        {
            await Command.RunAsync("umount", "-l", copy);
            File.Delete(copy);
        }
        foreach (var link in await LinksAsync(site))
            await Command.RunAsync("ip", "link", "delete", link);
        foreach (var table in await TablesAsync(site))
            await Command.RunAsync("nft", ["delete", "table", .. table.Split(' ')], environment: null);
        foreach (var group in ControlGroups(site).OrderByDescending(group => group.Length))
        {
            try
            {
                Directory.Delete(group);
            }
            catch (IOException)
            {
                // Still held by a dying process; the machine's comparison at the end of the run would tell.
            }
        }
    }

    public static IReadOnlyList<string> Mounts(Site site) =>
        [
            .. File.ReadLines("/proc/self/mountinfo")
                .Select(line => line.Split(' ')[4])
                .Where(path => path.StartsWith(site.Folder + "/", StringComparison.Ordinal)),
        ];

    private static async Task<IReadOnlyList<string>> LinksAsync(Site site)
    {
        // Interface names have 15 characters: the instance's six hex digits are what they all carry.
        var mark = site.Instance[^6..];
        var links = (await Command.RunAsync("ip", "-br", "link")).Output;
        return
        [
            .. links
                .Split('\n')
                .Select(line => line.Split(' ', '@')[0])
                .Where(name => name.Contains(mark, StringComparison.Ordinal)),
        ];
    }

    private static async Task<IReadOnlyList<string>> TablesAsync(Site site)
    {
        var tables = (await Command.RunAsync("nft", "list", "tables")).Output;
        return
        [
            .. tables
                .Split('\n')
                .Where(line => line.EndsWith(site.Instance, StringComparison.Ordinal))
                .Select(line => line["table ".Length..]),
        ];
    }

    private static List<string> ControlGroups(Site site) =>
        [
            .. Directory
                .EnumerateDirectories("/sys/fs/cgroup")
                .Prepend("/sys/fs/cgroup")
                .Select(controller => Path.Combine(controller, site.Instance))
                .Where(Directory.Exists)
                .SelectMany(group =>
                    Directory.EnumerateDirectories(group, "*", SearchOption.AllDirectories).Prepend(group)
                ),
        ];

    private static List<int> Processes(Site site) =>
        [
            .. Directory
                .EnumerateDirectories("/proc")
                .Select(folder => int.TryParse(Path.GetFileName(folder), out var pid) ? pid : 0)
                .Where(pid => pid > 0 && pid != Environment.ProcessId)
                .Where(pid => CommandLine(pid).Contains(site.Folder + "/", StringComparison.Ordinal)),
        ];

    private static string CommandLine(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline").Replace('\0', ' ');
        }
        catch (IOException)
        {
            return "";
        }
    }
}
