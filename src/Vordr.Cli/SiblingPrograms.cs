namespace Vordr.Cli;

/// <summary>The programs of one installation stand in one directory, under their own names or those of their projects.</summary>
internal static class SiblingPrograms
{
    /// <summary>Names of the program <c>vordr</c>.</summary>
    public static readonly IReadOnlyList<string> Engine = ["vordr", "Vordr.Cli"];

    /// <summary>Names of the program <c>vordr-serve</c>.</summary>
    public static readonly IReadOnlyList<string> Server = ["vordr-serve", "Vordr.Serve"];

    /// <summary>The absolute path of the first of <paramref name="names"/> that stands beside this program, or null.</summary>
    public static string? Find(IReadOnlyList<string> names)
    {
        var directory = Path.GetDirectoryName(Environment.ProcessPath)!;
        return names.Select(name => Path.Join(directory, name)).FirstOrDefault(File.Exists);
    }
}
