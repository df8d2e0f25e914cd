using System.Text;
using Oci.Errors;

namespace Trust.Keys;

/// <summary>A key of a <see cref="KeyDirectory"/>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="PublicKey">The public half.</param>
/// <param name="HasPrivate">Whether the private half is there.</param>
/// <param name="Encrypted">Whether the private half is encrypted.</param>
/// <param name="IsDefault">Whether it signs when no key is named.</param>
public sealed record KeyEntry(string Name, PublicKey PublicKey, bool HasPrivate, bool Encrypted, bool IsDefault);

/// <summary>
/// Keys by name, as files: <c>NAME.key</c> (PKCS#8 PEM, mode 0600), <c>NAME.pub</c> (SPKI PEM), and <c>default</c>,
/// which holds the default key's name. Every file is written beside and renamed; a key is never written over.
/// </summary>
/// <param name="path">The directory; it is made at the first write, mode 0700.</param>
public sealed class KeyDirectory(string path)
{
    private const string PrivateSuffix = ".key";
    private const string PublicSuffix = ".pub";
    private const string DefaultFile = "default";
    private const int MaxBytes = 64 << 10;

    /// <summary>The directory.</summary>
    public string Path { get; } = path;

    /// <summary>
    /// Where a producer's keys, trust store and policy are: <c>$XDG_CONFIG_HOME/cerro-torre</c>, or
    /// <c>~/.config/cerro-torre</c>.
    /// </summary>
    /// <exception cref="PublicError">Neither XDG_CONFIG_HOME nor HOME names an absolute path.</exception>
    public static string Home
    {
        get
        {
            var config = Environment.GetEnvironmentVariable("XDG_CONFIG_HOME");
            if (System.IO.Path.IsPathRooted(config))
                return System.IO.Path.Combine(config, "cerro-torre");
            var home = Environment.GetEnvironmentVariable("HOME");
            return System.IO.Path.IsPathRooted(home)
                ? System.IO.Path.Combine(home, ".config", "cerro-torre")
                : throw new PublicError(ErrorId.Config, "HOME is not set, so there is no place for keys.");
        }
    }

    /// <summary>The keys beneath <see cref="Home"/>.</summary>
    public static KeyDirectory OfUser() => new(System.IO.Path.Combine(Home, "keys"));

    /// <summary>Name of the default key; null where there is none.</summary>
    public string? DefaultName
    {
        get
        {
            var bytes = DocumentFile.TryRead(FileOf(DefaultFile), MaxBytes, "default key's name");
            return bytes is null ? null : CheckName(Encoding.UTF8.GetString(bytes).TrimEnd('\n'));
        }
    }

    /// <summary>Every key, by name.</summary>
    /// <exception cref="PublicError">A file in the directory isn't what its name says.</exception>
    public IReadOnlyList<KeyEntry> List()
    {
        if (!Directory.Exists(Path))
            return [];
        return
        [
            .. Directory
                .EnumerateFiles(Path, "*" + PublicSuffix)
                .Select(System.IO.Path.GetFileNameWithoutExtension)
                .Where(name => IsName(name!))
                .Order(StringComparer.Ordinal)
                .Select(name => Find(name!)),
        ];
    }

    /// <summary>The key of this name.</summary>
    /// <exception cref="PublicError">There is none, or a file of it isn't what its name says.</exception>
    public KeyEntry Find(string name)
    {
        var publicFile = FileOf(CheckName(name) + PublicSuffix);
        var publicPem = DocumentFile.TryRead(publicFile, MaxBytes, "public key") ?? throw NoSuchKey(name);
        var privatePem = DocumentFile.TryRead(FileOf(name + PrivateSuffix), MaxBytes, "private key");
        try
        {
            return new KeyEntry(
                name,
                PublicKey.ImportPem(Encoding.UTF8.GetString(publicPem)),
                HasPrivate: privatePem is not null,
                Encrypted: privatePem is not null && SigningKey.IsEncrypted(Encoding.UTF8.GetString(privatePem)),
                IsDefault: string.Equals(DefaultName, name, StringComparison.Ordinal)
            );
        }
        catch (FormatException e)
        {
            throw new PublicError(ErrorId.Config, $"The key '{name}' in {Path} is damaged: {e.Message}", e);
        }
    }

    /// <summary>Reads a private key.</summary>
    /// <param name="name">The key's name.</param>
    /// <param name="password">Its password; null where it isn't encrypted.</param>
    /// <exception cref="PublicError">There is none, others may read its file, or the password is missing or wrong.</exception>
    public SigningKey Load(string name, string? password)
    {
        var entry = Find(name);
        var file = FileOf(name + PrivateSuffix);
        if (!entry.HasPrivate)
            throw new PublicError(ErrorId.NotFound, $"Of the key '{name}' only the public half is here.");
        // A key that others could read may sign for others by now.
        if (!DocumentFile.IsPrivate(file))
        {
            throw new PublicError(
                ErrorId.Config,
                $"The private key {file} can be read or written by others, so it is not used.",
                $"chmod 600 {file}"
            );
        }
        try
        {
            var pem = Encoding.UTF8.GetString(DocumentFile.Read(file, MaxBytes, "private key"));
            var key = SigningKey.ImportPem(pem, password);
            if (key.Id == entry.PublicKey.Id)
                return key;
            key.Dispose();
            throw new FormatException("its two halves don't belong together");
        }
        catch (FormatException e)
        {
            throw new PublicError(ErrorId.Config, $"The key '{name}' in {Path} is damaged: {e.Message}", e);
        }
    }

    /// <summary>Stores a key; the first one with a private half becomes the default.</summary>
    /// <param name="name">Its name: 1 to 64 letters, digits, <c>. _ -</c>, the first no <c>.</c> or <c>-</c>.</param>
    /// <param name="key">The key.</param>
    /// <param name="password">Encrypts the file; null leaves it readable to whoever can read it.</param>
    /// <exception cref="PublicError">The name is taken, or can't be one.</exception>
    public KeyEntry Save(string name, SigningKey key, string? password)
    {
        ArgumentNullException.ThrowIfNull(key);
        RefuseTaken(name);
        var pem = Encoding.UTF8.GetBytes(key.ExportPem(password));
        // The private half first: a public one without it would only look like a key.
        DocumentFile.Write(FileOf(name + PrivateSuffix), pem, DocumentFile.Private, overwrite: false, "private key");
        WritePublic(name, key.PublicKey);
        if (DefaultName is null)
            SetDefault(name);
        return Find(name);
    }

    /// <summary>Stores a public key alone, to have a name for it.</summary>
    /// <exception cref="PublicError">The name is taken, or can't be one.</exception>
    public KeyEntry SavePublic(string name, PublicKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        RefuseTaken(name);
        WritePublic(name, key);
        return Find(name);
    }

    /// <summary>Makes a key with a private half the default.</summary>
    /// <exception cref="PublicError">There is none of this name.</exception>
    public void SetDefault(string name)
    {
        if (!Find(name).HasPrivate)
            throw new PublicError(ErrorId.Usage, $"Of the key '{name}' only the public half is here: it can't sign.");
        var bytes = Encoding.UTF8.GetBytes(name + "\n");
        DocumentFile.Write(FileOf(DefaultFile), bytes, DocumentFile.Private, overwrite: true, "default key's name");
    }

    private void WritePublic(string name, PublicKey key) =>
        DocumentFile.Write(
            FileOf(name + PublicSuffix),
            Encoding.UTF8.GetBytes(key.ToPem()),
            DocumentFile.Readable,
            overwrite: false,
            "public key"
        );

    private void RefuseTaken(string name)
    {
        CheckName(name);
        if (File.Exists(FileOf(name + PublicSuffix)) || File.Exists(FileOf(name + PrivateSuffix)))
            throw new PublicError(ErrorId.Usage, $"There is a key '{name}' already; keys are never written over.");
    }

    private PublicError NoSuchKey(string name) =>
        new(ErrorId.NotFound, $"There is no key '{name}' in {Path}.", "ct key list", $"ct keygen --name {name}");

    private string FileOf(string name) => System.IO.Path.Combine(Path, name);

    private static string CheckName(string name) =>
        IsName(name)
            ? name
            : throw new PublicError(
                ErrorId.Usage,
                "A key's name has 1 to 64 letters, digits, dots, dashes and underscores, and begins with a letter, a digit or an underscore."
            );

    private static bool IsName(string name) =>
        name.Length is > 0 and <= 64
        && name[0] is not ('.' or '-')
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');
}
