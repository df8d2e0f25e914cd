using Oci.Errors;

namespace Trust;

/// <summary>A value in an operator's document that can't stand there, with its JSON pointer (RFC 6901).</summary>
internal sealed class DocumentFault(string pointer, string reason) : Exception(reason)
{
    /// <summary>The error for people.</summary>
    public PublicError ToError(string what) =>
        new(
            ErrorId.Config,
            pointer.Length == 0
                ? $"The {what} is not valid: {Message}."
                : $"The {what} is not valid: {pointer}: {Message}.",
            this
        )
        {
            Pointer = pointer,
        };
}
