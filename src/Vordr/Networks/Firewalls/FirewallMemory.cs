using System.Globalization;
using Vordr.Processes;

namespace Vordr.Networks.Firewalls;

/// <summary>
/// What we know of our table: how it looked when we made it, and the rule set's generation after our last change.
/// While the generation stands nobody changed anything, and a use needs no look at the table. Losing this file
/// costs one look.
/// </summary>
/// <param name="Fingerprint">The table's fingerprint when it was made.</param>
/// <param name="Generation">The rule set's generation after our last change.</param>
/// <param name="Parts">Whose elements are in: networks as <see cref="Key"/> writes them, ids of containers with ports.</param>
internal sealed record FirewallMemory(string Fingerprint, uint Generation, IReadOnlyList<string> Parts)
{
    /// <summary>A network's name here: two networks with equal keys need equal elements.</summary>
    public static string Key(NetworkDefinition network) => $"{network.Name}@{network.BridgeName}@{network.Subnet}";

    /// <summary>Reads what was written since boot by this version; null when there is nothing.</summary>
    public static FirewallMemory? Read(string path)
    {
        string[] words;
        try
        {
            words = File.ReadAllText(path).Split('\n');
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (DirectoryNotFoundException)
        {
            return null;
        }
        return
            words is [var boot, var version, var fingerprint, var number, .. var parts]
            && boot == ProcessIdentity.CurrentBootId
            && version == FirewallScript.Version
            && uint.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var generation)
            ? new FirewallMemory(fingerprint, generation, parts)
            : null;
    }

    /// <summary>Writes it, whole or not at all.</summary>
    public void Write(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        string[] words =
        [
            ProcessIdentity.CurrentBootId,
            FirewallScript.Version,
            Fingerprint,
            Generation.ToString(CultureInfo.InvariantCulture),
            .. Parts,
        ];
        var draft = $"{path}.{Environment.ProcessId}-{Environment.CurrentManagedThreadId}";
        File.WriteAllText(draft, string.Join('\n', words));
        File.Move(draft, path, overwrite: true);
    }

    /// <summary>Removes drafts whose writers are no more.</summary>
    public static void Sweep(string path)
    {
        if (Path.GetDirectoryName(path) is not { } directory || !Directory.Exists(directory))
            return;
        // The pattern matches the name without a suffix too.
        foreach (var draft in Directory.EnumerateFiles(directory, Path.GetFileName(path) + ".*"))
        {
            var suffix = Path.GetExtension(draft);
            if (suffix.Length > 1 && !Directory.Exists($"/proc/{suffix[1..].Split('-')[0]}"))
                File.Delete(draft);
        }
    }

    /// <summary>Forgets it, and drafts that a crash left.</summary>
    public static void Forget(string path)
    {
        File.Delete(path);
        if (Path.GetDirectoryName(path) is { } directory && Directory.Exists(directory))
        {
            foreach (var draft in Directory.EnumerateFiles(directory, Path.GetFileName(path) + ".*"))
                File.Delete(draft);
        }
    }
}
