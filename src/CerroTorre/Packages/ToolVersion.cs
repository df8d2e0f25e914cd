using System.Reflection;

namespace CerroTorre.Packages;

/// <summary>The version of this software, as documents that it makes name it.</summary>
public static class ToolVersion
{
    /// <summary>Without build metadata: two builds of one version make the same bytes.</summary>
    public static string Text { get; } =
        (
            typeof(ToolVersion)
                .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
                ?.InformationalVersion
            ?? "0"
        ).Split('+')[0];
}
