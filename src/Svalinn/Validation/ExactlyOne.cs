using Oci.Errors;

namespace Svalinn.Validation;

/// <summary>Members of which a body must have exactly one.</summary>
internal static class ExactlyOne
{
    /// <summary>Requires exactly one of bundle and image; an empty text counts as absent.</summary>
    public static void OfBundleAndImage(string? bundle, string? image)
    {
        if (string.IsNullOrEmpty(bundle) != string.IsNullOrEmpty(image))
            return;
        throw new PublicError(
            ErrorId.Usage,
            string.IsNullOrEmpty(bundle)
                ? "Say what to run: either 'bundle' or 'image'."
                : "Both 'bundle' and 'image' are given: say one."
        )
        {
            Pointer = string.IsNullOrEmpty(bundle) ? "" : "/image",
        };
    }
}
