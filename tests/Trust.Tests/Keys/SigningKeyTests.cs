using System.Diagnostics;
using Oci.Errors;
using Trust.Keys;

namespace Trust.Tests.Keys;

public sealed class SigningKeyTests
{
    // RFC 8410, section 10.3.
    private const string OpenSslPlain = """
        -----BEGIN PRIVATE KEY-----
        MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
        -----END PRIVATE KEY-----
        """;

    // RFC 8410, section 10.3: the same key with attributes and its public half. That is OneAsymmetricKey (RFC 5958), not
    // PKCS#8, and OpenSSL doesn't write it.
    private const string WithPublicHalf = """
        -----BEGIN PRIVATE KEY-----
        MHICAQEwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
        oB8wHQYKKoZIhvcNAQkJFDEPDA1DdXJkbGUgQ2hhaXJzgSEAGb9ECWmEzf6FQbrB
        Z9w7lshQhqowtrbLDFw4rXAxZuE=
        -----END PRIVATE KEY-----
        """;

    // RFC 8410, section 10.1.
    private const string PublicHalf = """
        -----BEGIN PUBLIC KEY-----
        MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=
        -----END PUBLIC KEY-----
        """;

    private const string EcKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgevZzL1gdAFr88hb2
        OF/2NxApJCzGCEDdfSp6VQO30hyhRANCAAQRWz+jn65BtOMvdyHKcvjBeBSDZH2r
        1RTwjmYSi9R/zpBnuQ4EiMnCqfMPWiZqB4QdbAd0E7oH50VpuZ1P087G
        -----END PRIVATE KEY-----
        """;

    [Theory]
    [InlineData("")]
    [InlineData("not pem")]
    [InlineData(PublicHalf)]
    [InlineData(EcKey)]
    [InlineData(WithPublicHalf)]
    [InlineData(OpenSslPlain + "\n" + OpenSslPlain)]
    [InlineData("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----")]
    public void ImportPem_what_is_no_ed25519_private_key_is_refused(string pem)
    {
        var import = () => SigningKey.ImportPem(pem, null);
        import.Should().Throw<FormatException>();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("wrong")]
    public void ImportPem_encrypted_without_its_password_is_refused(string? password)
    {
        using var key = SigningKey.Generate();
        var pem = key.ExportPem("right");
        var import = () => SigningKey.ImportPem(pem, password);
        import.Should().Throw<PublicError>().Which.Id.Should().Be(ErrorId.Usage);
    }

    [Fact]
    public void ExportPem_empty_password_is_refused()
    {
        using var key = SigningKey.Generate();
        var export = () => key.ExportPem("");
        export.Should().Throw<ArgumentException>();
    }

    [Fact]
    public void ImportPem_example_of_rfc_8410_has_its_public_half()
    {
        using var key = SigningKey.ImportPem(OpenSslPlain, null);
        key.PublicKey.Should().Be(PublicKey.ImportPem(PublicHalf));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("pässwörd ☃")]
    public void ExportPem_then_import_is_the_same_key(string? password)
    {
        using var key = SigningKey.Generate();
        var pem = key.ExportPem(password);
        SigningKey.IsEncrypted(pem).Should().Be(password is not null);
        using var read = SigningKey.ImportPem(pem, password);
        read.Id.Should().Be(key.Id);
        key.PublicKey.Verify("message"u8, read.Sign("message"u8)).Should().BeTrue();
    }

    [Fact]
    public void Id_is_sha256_over_the_public_key_info()
    {
        var key = PublicKey.ImportPem(PublicHalf);
        key.Id.Should().Be(KeyId.Of(key.SubjectPublicKeyInfo.Span));
        key.SubjectPublicKeyInfo.Length.Should().Be(44);
        PublicKey.ImportPem(key.ToPem()).Should().Be(key);
    }

    [Fact]
    public void ImportInfo_bytes_after_the_key_are_refused()
    {
        var info = PublicKey.ImportPem(PublicHalf).SubjectPublicKeyInfo;
        var import = () => PublicKey.ImportInfo([.. info.Span, 0]);
        import.Should().Throw<FormatException>();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("secret")]
    public async Task ExportPem_openssl_reads_the_key_and_finds_the_same_public_half(string? password)
    {
        if (!File.Exists("/usr/bin/openssl"))
            Assert.Skip("openssl isn't installed.");
        using var directory = new TemporaryDirectory();
        using var key = SigningKey.Generate();
        await File.WriteAllTextAsync(directory["k.pem"], key.ExportPem(password));
        (await OpenSslAsync("pkey", "-in", directory["k.pem"], "-passin", $"pass:{password}", "-pubout"))
            .Should()
            .Be(key.PublicKeyPem);
    }

    [Fact]
    public async Task ImportPem_reads_what_openssl_encrypted()
    {
        if (!File.Exists("/usr/bin/openssl"))
            Assert.Skip("openssl isn't installed.");
        using var directory = new TemporaryDirectory();
        await OpenSslAsync(
            "genpkey",
            "-algorithm",
            "ed25519",
            "-aes-256-cbc",
            "-pass",
            "pass:s3",
            "-out",
            directory["k"]
        );
        using var key = SigningKey.ImportPem(await File.ReadAllTextAsync(directory["k"]), "s3");
        (await OpenSslAsync("pkey", "-in", directory["k"], "-passin", "pass:s3", "-pubout"))
            .Should()
            .Be(key.PublicKeyPem);
    }

    private static async Task<string> OpenSslAsync(params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo("/usr/bin/openssl", arguments)
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        process.ExitCode.Should().Be(0, await errors);
        return output;
    }
}
