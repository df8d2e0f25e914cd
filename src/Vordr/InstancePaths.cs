using System.Security.Cryptography;
using System.Text;
using Vordr.Containers;

namespace Vordr;

/// <summary>Where one instance keeps what, and what it calls itself on the host.</summary>
internal sealed class InstancePaths(string root, string runRoot)
{
    /// <summary>What outlives a boot.</summary>
    public string Root { get; } = Path.GetFullPath(root);

    /// <summary>What doesn't.</summary>
    public string RunRoot { get; } = Path.GetFullPath(runRoot);

    /// <summary>
    /// Name in every host-wide name (bridge, nft table, control group): <c>vordr</c> for the default root, else with six
    /// hex digits of the root's hash, so that instances live side by side.
    /// </summary>
    public string Instance { get; } =
        Path.GetFullPath(root) == EngineOptions.DefaultRoot
            ? "vordr"
            : "vordr-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFullPath(root))))[..6];

    public string Database => Path.Join(Root, "vordr.db");

    public string Locks => Path.Join(RunRoot, "locks");

    /// <summary>Where conmon leaves exit codes.</summary>
    public string Exits => Path.Join(RunRoot, "exits");

    /// <summary>Where the OCI runtime keeps its state.</summary>
    public string RuntimeState => Path.Join(RunRoot, "runtime");

    /// <summary>The runtime bundle: config, root filesystem, log.</summary>
    public string Container(ContainerId id) => Path.Join(Root, "containers", id.ToString());

    /// <summary>The finished runtime spec.</summary>
    public string Spec(ContainerId id) => Path.Join(Container(id), "config.json");

    public string Log(ContainerId id) => Path.Join(Container(id), "container.log");

    /// <summary>Where conmon says that the kernel killed for memory.</summary>
    public string Persist(ContainerId id) => Path.Join(RunRoot, "persist", id.ToString());

    /// <summary>
    /// Makes the directories that everything else expects: closed to all but root, since state and specs hold
    /// environments, and so perhaps secrets. The run root alone may be crossed: whoever may use a socket in it must reach it.
    /// </summary>
    public void Make()
    {
        const UnixFileMode closed = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        Directory.CreateDirectory(Root, closed);
        Directory.CreateDirectory(RunRoot, closed | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        Directory.CreateDirectory(Path.Join(Root, "containers"), closed);
        foreach (var directory in (ReadOnlySpan<string>)[Locks, Exits, RuntimeState, Path.Join(RunRoot, "persist")])
            Directory.CreateDirectory(directory, closed);
    }
}
