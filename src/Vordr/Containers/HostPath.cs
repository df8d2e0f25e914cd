using Oci.Errors;

namespace Vordr.Containers;

/// <summary>Paths of the host that callers name.</summary>
internal static class HostPath
{
    /// <summary>The path that the kernel would reach, every link resolved: that is what rules judge.</summary>
    /// <exception cref="PublicError"><see cref="ErrorId.Usage"/>: there is nothing.</exception>
    public static string Resolve(string path)
    {
        const int mostLinks = 40;
        var links = 0;
        var pending = new Stack<string>(Enumerable.Reverse(Split(path)));
        var resolved = "/";
        while (pending.TryPop(out var part))
        {
            if (part == "..")
            {
                resolved = Path.GetDirectoryName(resolved) ?? "/";
                continue;
            }
            var next = Path.Join(resolved, part);
            var target = new FileInfo(next).LinkTarget;
            if (target is null)
            {
                if (!Path.Exists(next))
                    throw Missing(path);
                resolved = next;
                continue;
            }
            if (++links > mostLinks)
                throw Missing(path);
            if (Path.IsPathRooted(target))
                resolved = "/";
            foreach (var step in Enumerable.Reverse(Split(target)))
                pending.Push(step);
        }
        return resolved;
    }

    private static string[] Split(string path) =>
        [.. path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(part => part != ".")];

    private static PublicError Missing(string path) =>
        new(
            ErrorId.Usage,
            $"There is nothing at {path} on this host.",
            "Make it first, with the owner and mode it needs"
        )
        {
            Pointer = "/volumes",
        };
}
