namespace Trust.Keys;

/// <summary>A key of a <see cref="KeyDirectory"/>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="PublicKey">The public half.</param>
/// <param name="HasPrivate">Whether the private half is there.</param>
/// <param name="Encrypted">Whether the private half is encrypted.</param>
/// <param name="IsDefault">Whether it signs when no key is named.</param>
public sealed record KeyEntry(string Name, PublicKey PublicKey, bool HasPrivate, bool Encrypted, bool IsDefault);

/// <summary>Keys by name, as files: <c>NAME.key</c> (PKCS#8 PEM, mode 0600) and <c>NAME.pub</c> (SPKI PEM).</summary>
/// <param name="path">The directory; it is made at the first write.</param>
public sealed class KeyDirectory(string path)
{
    /// <summary>The directory.</summary>
    public string Path { get; } = path;

    /// <summary>Where a producer's keys, trust store and policy are: <c>$XDG_CONFIG_HOME/cerro-torre</c>, or <c>~/.config/cerro-torre</c>.</summary>
    public static string Home => throw new NotImplementedException();

    /// <summary>The keys beneath <see cref="Home"/>.</summary>
    public static KeyDirectory OfUser() => new(System.IO.Path.Combine(Home, "keys"));

    /// <summary>Name of the default key, or null.</summary>
    public string? DefaultName => throw new NotImplementedException();

    /// <summary>Every key, by name.</summary>
    public IReadOnlyList<KeyEntry> List() => throw new NotImplementedException();

    /// <summary>The key of this name.</summary>
    /// <exception cref="Oci.Errors.PublicError">There is none.</exception>
    public KeyEntry Find(string name) => throw new NotImplementedException();

    /// <summary>Reads a private key.</summary>
    /// <exception cref="Oci.Errors.PublicError">There is none, others may read its file, or the password is wrong.</exception>
    public SigningKey Load(string name, string? password) => throw new NotImplementedException();

    /// <summary>Stores a key; the first one becomes the default.</summary>
    /// <exception cref="Oci.Errors.PublicError">The name is taken, or can't be one.</exception>
    public KeyEntry Save(string name, SigningKey key, string? password) => throw new NotImplementedException();

    /// <summary>Stores a public key alone, to have a name for it.</summary>
    /// <exception cref="Oci.Errors.PublicError">The name is taken, or can't be one.</exception>
    public KeyEntry SavePublic(string name, PublicKey key) => throw new NotImplementedException();

    /// <summary>Makes a key with a private half the default.</summary>
    /// <exception cref="Oci.Errors.PublicError">There is none of this name.</exception>
    public void SetDefault(string name) => throw new NotImplementedException();
}
