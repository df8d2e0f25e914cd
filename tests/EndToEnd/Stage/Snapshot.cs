namespace EndToEnd.Stage;

/// <summary>All that a site's Vörðr holds, line by line, to be compared before and after.</summary>
internal static class Snapshot
{
    public static async Task<IReadOnlyList<string>> OfAsync(Site site)
    {
        var lines = new List<string>();
        lines.AddRange(
            (await Remains.OfAsync(site)).Where(line => !line.StartsWith("process", StringComparison.Ordinal))
        );
        lines.AddRange(await RulesAsync(site));
        lines.AddRange(Files(site.Root));
        lines.AddRange(Files(site.RunRoot));
        return lines;
    }

    /// <summary>
    /// What is there beyond <paramref name="calm"/>, and what is missing of it. The kernel takes the links of a namespace
    /// away some milliseconds after the namespace: what only lags is waited for, up to five seconds.
    /// </summary>
    public static async Task<IReadOnlyList<string>> ChangesAsync(Site site, IReadOnlyList<string> calm)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        while (true)
        {
            var now = await OfAsync(site);
            List<string> changes =
            [
                .. now.Except(calm).Select(line => "+ " + line),
                .. calm.Except(now).Select(line => "- " + line),
            ];
            if (changes.Count == 0 || limit.IsCancellationRequested)
                return changes;
        }
    }

    private static async Task<IEnumerable<string>> RulesAsync(Site site)
    {
        var rules = await Command.RunAsync("nft", "list", "ruleset");
        return rules
            .Output.Split('\n')
            .SkipWhile(line => !line.Contains(site.Instance, StringComparison.Ordinal))
            .TakeWhile(line => line != "}")
            .Select(line => "rule " + line.Trim());
    }

    private static IEnumerable<string> Files(string folder) =>
        Directory
            .EnumerateFileSystemEntries(
                folder,
                "*",
                new EnumerationOptions
                {
                    RecurseSubdirectories = true,
                    // Lock files stay: taking one is how an orphan is told from a living owner.
                    AttributesToSkip = FileAttributes.ReparsePoint,
                }
            )
            .Where(path => !path.Contains("/locks/", StringComparison.Ordinal))
            .Where(path => !Path.GetFileName(path).StartsWith("vordr.db", StringComparison.Ordinal))
            .Where(path =>
                !path.Contains("/merged/", StringComparison.Ordinal)
                && !path.Contains("/rootfs/", StringComparison.Ordinal)
            )
            .Select(path => "file " + path);
}
