using System.Text;

namespace CerroTorre.Sboms;

/// <summary>Alpine's package database, <c>lib/apk/db/installed</c> (apk-package(5)): one-letter fields, a record a package.</summary>
internal static class ApkDatabase
{
    /// <summary>Where it lies; with a merged <c>/usr</c> below <c>usr/</c>.</summary>
    public static IReadOnlyList<string> Paths { get; } = ["lib/apk/db/installed", "usr/lib/apk/db/installed"];

    /// <summary>The packages of the database in <paramref name="files"/>, sorted by name.</summary>
    public static IReadOnlyList<InstalledPackage> Read(IReadOnlyDictionary<string, byte[]> files)
    {
        var packages = new List<InstalledPackage>();
        foreach (var path in Paths)
        {
            if (files.TryGetValue(path, out var content))
                packages.AddRange(
                    Records(Encoding.UTF8.GetString(content)).Select(PackageOf).OfType<InstalledPackage>()
                );
        }
        return [.. packages.OrderBy(package => package.Name, StringComparer.Ordinal)];
    }

    private static IEnumerable<Dictionary<char, string>> Records(string text)
    {
        var record = new Dictionary<char, string>();
        foreach (var line in text.Split('\n'))
        {
            if (line.Length == 0)
            {
                if (record.Count > 0)
                    yield return record;
                record = [];
                continue;
            }
            // Later fields of a record describe its files; the first of a letter is the package's.
            if (line.Length > 2 && line[1] == ':')
                record.TryAdd(line[0], line[2..].Trim());
        }
        if (record.Count > 0)
            yield return record;
    }

    private static InstalledPackage? PackageOf(Dictionary<char, string> record) =>
        record.TryGetValue('P', out var name) && record.TryGetValue('V', out var version)
            ? new InstalledPackage
            {
                Type = "apk",
                Name = name,
                Version = version,
                Architecture = record.GetValueOrDefault('A') ?? "",
                QueryName = name,
                Source = record.GetValueOrDefault('o') is { } origin && origin != name ? origin : null,
                License = record.GetValueOrDefault('L'),
                Supplier = record.GetValueOrDefault('m'),
                Homepage = record.GetValueOrDefault('U'),
            }
            : null;
}
