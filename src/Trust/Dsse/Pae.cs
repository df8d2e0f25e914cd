using System.Globalization;
using System.Text;

namespace Trust.Dsse;

/// <summary>DSSE's pre-authentication encoding, the bytes that a signature covers (DSSE v1, protocol, "Signature Definition").</summary>
public static class Pae
{
    /// <summary><c>DSSEv1 SP LEN(type) SP type SP LEN(payload) SP payload</c>, lengths in bytes, decimal.</summary>
    public static byte[] Encode(string payloadType, ReadOnlySpan<byte> payload)
    {
        ArgumentNullException.ThrowIfNull(payloadType);
        var length = Encoding.UTF8.GetByteCount(payloadType);
        var head = Encoding.UTF8.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"DSSEv1 {length} {payloadType} {payload.Length} ")
        );
        var encoded = new byte[head.Length + payload.Length];
        head.CopyTo(encoded, 0);
        payload.CopyTo(encoded.AsSpan(head.Length));
        return encoded;
    }
}
