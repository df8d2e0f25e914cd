using System.Runtime.InteropServices;
using Oci.Image;

namespace CerroTorre.Bundles;

/// <summary>Platforms as OCI names them.</summary>
public static class PlatformOf
{
    /// <summary>What this process runs on.</summary>
    public static Platform Host { get; } =
        RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 => new("amd64", "linux"),
            Architecture.X86 => new("386", "linux"),
            Architecture.Arm64 => new("arm64", "linux"),
            Architecture.Arm or Architecture.Armv6 => new("arm", "linux", "v7"),
            Architecture.Ppc64le => new("ppc64le", "linux"),
            Architecture.S390x => new("s390x", "linux"),
            Architecture.RiscV64 => new("riscv64", "linux"),
            Architecture.LoongArch64 => new("loong64", "linux"),
            var other => new(other.ToString().ToLowerInvariant(), "linux"),
        };

    /// <summary>Reads <c>os/architecture[/variant]</c>.</summary>
    /// <exception cref="FormatException">The text is something else.</exception>
    public static Platform Parse(string text) =>
        text.Split('/') switch
        {
            [{ Length: > 0 } os, { Length: > 0 } architecture] => new(architecture, os),
            [{ Length: > 0 } os, { Length: > 0 } architecture, { Length: > 0 } variant] => new(
                architecture,
                os,
                variant
            ),
            _ => throw new FormatException(
                $"'{Packages.ShownText.Of(text, 80)}' is not a platform; write os/architecture, e.g. linux/amd64"
            ),
        };

    /// <summary>
    /// Whether an image for <paramref name="image"/> serves who asks for <paramref name="wanted"/>: variants are
    /// compared only where both name one, and arm64 without one means v8.
    /// </summary>
    public static bool Serves(Platform image, Platform wanted) =>
        image.Os == wanted.Os
        && image.Architecture == wanted.Architecture
        && (VariantOf(image) is not { } has || VariantOf(wanted) is not { } asks || has == asks);

    private static string? VariantOf(Platform platform) =>
        platform is { Architecture: "arm64", Variant: null } ? "v8" : platform.Variant;
}
