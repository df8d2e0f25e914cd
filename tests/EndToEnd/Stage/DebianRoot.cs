namespace EndToEnd.Stage;

/// <summary>A Debian root directory, made once by mmdebstrap and kept in <c>artifacts/fixtures</c>.</summary>
internal static class DebianRoot
{
    /// <summary>Its folder; <c>scripts/debian-root</c> made it before the tests began.</summary>
    public static Task<string> GetAsync()
    {
        var folder = Path.Combine(Programs.Checkout, "artifacts", "fixtures", "debian");
        return Directory.Exists(Path.Combine(folder, "var", "lib", "dpkg"))
            ? Task.FromResult(folder)
            : throw new DirectoryNotFoundException($"{folder} is missing: ./dev test makes it first");
    }
}
