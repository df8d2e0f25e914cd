using Oci;
using Trust.Keys;

namespace Trust.Stores;

/// <summary>The keys that an operator trusts, and for what.</summary>
public sealed class TrustStore
{
    /// <summary>A store that trusts nobody.</summary>
    public static TrustStore Empty { get; } = null!;

    /// <summary>SHA-256 of the store's bytes.</summary>
    public Digest Digest { get; private init; }

    /// <summary>A new store without keys.</summary>
    public static TrustStore Create(string id, DateTimeOffset now) => throw new NotImplementedException();

    /// <summary>Reads a store.</summary>
    /// <exception cref="Oci.Errors.PublicError">It isn't valid; the message says where.</exception>
    public static TrustStore Parse(ReadOnlyMemory<byte> utf8) => throw new NotImplementedException();

    /// <summary>Reads a store's file.</summary>
    /// <exception cref="Oci.Errors.PublicError">There is none, or it isn't valid.</exception>
    public static TrustStore Load(string path) => throw new NotImplementedException();

    /// <summary>Reads a store's file; a store that trusts nobody where there is no such file.</summary>
    /// <exception cref="Oci.Errors.PublicError">It isn't valid, or can't be read.</exception>
    public static TrustStore LoadOrEmpty(string path) => throw new NotImplementedException();

    /// <summary>The store's bytes, as they were read or will be written.</summary>
    public byte[] ToBytes() => throw new NotImplementedException();

    /// <summary>Writes the store's file, atomically.</summary>
    public void Save(string path) => throw new NotImplementedException();

    /// <summary>This store and one more key in a role; the version goes up by one.</summary>
    /// <exception cref="Oci.Errors.PublicError">The role isn't one, the key is there already, or the store has updaters.</exception>
    public TrustStore Add(
        string role,
        PublicKey key,
        DateTimeOffset now,
        DateTimeOffset? validUntil = null,
        params IReadOnlyList<string> names
    ) => throw new NotImplementedException();
}
