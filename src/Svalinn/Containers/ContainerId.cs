using Oci.Errors;

namespace Svalinn.Containers;

/// <summary>Name or id of a container, as it stands in a path.</summary>
internal readonly record struct ContainerId
{
    private const int MaximumLength = 128;

    private ContainerId(string text) => Text = text;

    /// <summary>The text.</summary>
    public string Text { get; }

    /// <summary>Reads letters, digits, <c>_ . -</c>, beginning with a letter or digit.</summary>
    /// <exception cref="PublicError">It is no name that a container can have.</exception>
    public static ContainerId Parse(string text)
    {
        var valid = text.Length is > 0 and <= MaximumLength && char.IsAsciiLetterOrDigit(text[0]);
        foreach (var c in text)
            valid &= char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-';
        return valid
            ? new ContainerId(text)
            : throw new PublicError(
                ErrorId.Usage,
                "The container in the path is neither a name (letters, digits, '_', '.', '-') nor an id."
            );
    }

    /// <inheritdoc/>
    public override string ToString() => Text;
}
