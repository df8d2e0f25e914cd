using System.Diagnostics;

namespace Vordr.Networks;

/// <summary>
/// Names of host interfaces: at most 15 characters (IFNAMSIZ), and they say to which instance they belong, so that
/// instances on one host never touch each other's.
/// </summary>
internal static class InterfaceNames
{
    private const int Longest = 15;
    private const string DefaultInstance = "vordr";

    /// <summary>The bridge of the <paramref name="index"/>-th network: <c>vordr0</c>, or <c>vb1a2b3c-0</c> for another instance.</summary>
    public static string Bridge(string instance, int index)
    {
        var name = BridgePrefix(instance) + index;
        Debug.Assert(name.Length <= Longest, "a network index has at most six digits");
        return name;
    }

    /// <summary>Whether <see cref="Bridge"/> makes this name for <paramref name="instance"/>.</summary>
    public static bool IsBridge(string instance, string name)
    {
        var prefix = BridgePrefix(instance);
        return name.Length > prefix.Length
            && name.StartsWith(prefix, StringComparison.Ordinal)
            && name.AsSpan(prefix.Length).IndexOfAnyExceptInRange('0', '9') < 0;
    }

    /// <summary>The host's end of a container's veth pair: as much of the id as fits.</summary>
    public static string Veth(string instance, string containerId)
    {
        var prefix = instance == DefaultInstance ? "vdr" : "v" + Tag(instance);
        return prefix + containerId[..Math.Min(containerId.Length, Longest - prefix.Length)];
    }

    /// <summary>A number that tends to differ between instances: 0 for the default one.</summary>
    public static int Ordinal(string instance) =>
        instance == DefaultInstance ? 0 : 1 + Tag(instance).Aggregate(0, (sum, c) => ((sum * 31) + c) & 0xffff);

    private static string BridgePrefix(string instance) =>
        instance == DefaultInstance ? DefaultInstance : $"vb{Tag(instance)}-";

    /// <summary>The six hex digits of <c>vordr-1a2b3c</c>.</summary>
    private static string Tag(string instance) => instance[(instance.LastIndexOf('-') + 1)..];
}
