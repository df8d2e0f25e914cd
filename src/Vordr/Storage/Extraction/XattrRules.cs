namespace Vordr.Storage.Extraction;

/// <summary>What happens to an extended attribute of a layer.</summary>
internal enum XattrFate
{
    /// <summary>Set as it is.</summary>
    Kept,

    /// <summary>Left out: it means something on the machine that built the layer, not on this one.</summary>
    Dropped,

    /// <summary>The layer is refused.</summary>
    Refused,
}

/// <summary>
/// Which attributes a layer may bring. overlayfs keeps its own in <c>trusted.overlay.</c>; a layer that could set them
/// would redirect a directory of the merged view to any other, or borrow another file's content.
/// </summary>
internal static class XattrRules
{
    /// <summary>The rule for one name.</summary>
    public static XattrFate Judge(string name) =>
        name switch
        {
            _ when Has(name, "trusted.overlay.") || Has(name, "user.overlay.") => XattrFate.Refused,
            _ when Has(name, "user.") || Has(name, "trusted.") => XattrFate.Kept,
            "security.capability" or "system.posix_acl_access" or "system.posix_acl_default" => XattrFate.Kept,
            // Labels and measurements of the building machine (security.selinux, security.ima), macOS leftovers.
            _ => XattrFate.Dropped,
        };

    private static bool Has(string name, string prefix) =>
        name.StartsWith(prefix, StringComparison.Ordinal) && name.Length > prefix.Length;
}
