namespace Trust.Tests;

/// <summary>Public test vectors: <c>$STACK_VECTORS</c>, or <c>../shared/vectors</c> beside the repository.</summary>
internal static class Vectors
{
    public static string File(string name)
    {
        var file = Path.Combine(Root() ?? "", name);
        if (!System.IO.File.Exists(file))
            Assert.Skip($"No test vectors '{name}': set STACK_VECTORS to the folder that holds them.");
        return file;
    }

    private static string? Root()
    {
        if (Environment.GetEnvironmentVariable("STACK_VECTORS") is { Length: > 0 } named)
            return named;
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !System.IO.File.Exists(Path.Combine(folder.FullName, "Stack.slnx")))
            folder = folder.Parent;
        return folder is null ? null : Path.Combine(folder.FullName, "..", "shared", "vectors");
    }
}
