using System.Security.Cryptography;

namespace Trust.Keys;

/// <summary>PEM blocks (RFC 7468): exactly one in a file, of one of the labels that are asked for.</summary>
internal static class Pem
{
    public static (string Label, byte[] Data) Decode(string pem, params ReadOnlySpan<string> labels)
    {
        ArgumentNullException.ThrowIfNull(pem);
        if (!PemEncoding.TryFind(pem, out var fields))
            throw new FormatException("There is no PEM block.");
        if (PemEncoding.TryFind(pem.AsSpan()[fields.Location.End..], out _))
            throw new FormatException("There is more than one PEM block.");
        var label = pem[fields.Label];
        if (!labels.Contains(label))
            throw new FormatException($"The PEM block is a '{label}', not a '{labels[0]}'.");
        return (label, Convert.FromBase64String(pem[fields.Base64Data]));
    }
}
