namespace Vordr.Runtimes;

/// <summary>
/// The verb <c>vordr oci-runtime RUNTIME ARGUMENTS…</c>: crun refuses a host that has cgroup v1 controllers and a v2 tree
/// beside them ("hybrid mode"). In a private mount namespace without that tree it works. This makes one, and becomes the
/// runtime.
/// </summary>
public static class OciRuntimeWrapper
{
    /// <summary>The verb's name.</summary>
    public const string Verb = "oci-runtime";

    /// <summary>Does not return unless it fails; then the message is on stderr, and the result is the exit code.</summary>
    /// <param name="arguments">Absolute path of the runtime, then its arguments.</param>
    public static int Execute(IReadOnlyList<string> arguments) => throw new NotImplementedException();
}
