using System.Text;

namespace Vordr.Networks.Firewalls;

/// <summary>What makes a table as it should be: one transaction, and what it does in words. Pure.</summary>
/// <param name="Script">Commands; empty when there is nothing to do.</param>
/// <param name="Removed">What goes.</param>
/// <param name="Rebuilt">What comes.</param>
internal sealed record FirewallPlan(string Script, IReadOnlyList<string> Removed, IReadOnlyList<string> Rebuilt)
{
    /// <summary>Compares a table with what it should be.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="table">What is there; null when there is none.</param>
    /// <param name="build">Commands that declare it and make its rules, or null when those are as they should be.</param>
    /// <param name="expected">Every element that should be there.</param>
    /// <param name="removeOthers">Whether elements beyond those go.</param>
    public static FirewallPlan Compare(
        string name,
        FirewallSnapshot? table,
        string? build,
        IEnumerable<FirewallElement> expected,
        bool removeOthers
    )
    {
        var (script, removed, rebuilt) = (new StringBuilder(), new List<string>(), new List<string>());
        if (build is not null)
        {
            script.Append(build);
            rebuilt.Add($"firewall table {name}");
        }
        var held = (table?.Elements ?? []).ToDictionary(element => (element.Set, element.Key));
        var wanted = expected.DistinctBy(element => (element.Set, element.Key)).ToList();
        var keep = wanted.Select(element => (element.Set, element.Key)).ToHashSet();
        // Deletions first: a subnet that nobody knows may overlap one that is to come.
        foreach (
            var element in held.Values.Where(element => removeOthers && !keep.Contains((element.Set, element.Key)))
        )
        {
            script.Append(FirewallScript.Delete(name, element));
            removed.Add($"firewall element {element.Key} of {element.Owner}");
        }
        foreach (var element in wanted)
        {
            var other = held.GetValueOrDefault((element.Set, element.Key));
            if (other == element)
                continue;
            if (other is not null)
                script.Append(FirewallScript.Delete(name, other));
            script.Append(FirewallScript.Add(name, element));
            rebuilt.Add($"firewall element {element.Key} of {element.Owner}");
        }
        return new FirewallPlan(script.ToString(), removed, rebuilt);
    }
}
