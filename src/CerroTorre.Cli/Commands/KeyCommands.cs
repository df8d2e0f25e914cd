using System.CommandLine;
using System.Text.Json.Nodes;
using CerroTorre.Cli.Hosting;
using Oci.Errors;
using Trust.Keys;

namespace CerroTorre.Cli.Commands;

/// <summary><c>ct key list/export/import/default</c>.</summary>
internal static class KeyCommands
{
    public static Command Create(CtHost host) =>
        new ExampleCommand("key", "List, export and import keys", "ct key list", "ct key export > web.pub")
        {
            List(host),
            Export(host),
            Import(host),
            Default(host),
        };

    /// <summary>A key as JSON.</summary>
    public static JsonObject JsonOf(KeyEntry entry) =>
        new()
        {
            ["name"] = entry.Name,
            ["id"] = entry.PublicKey.Id.ToString(),
            ["algorithm"] = PublicKey.AlgorithmName,
            ["private"] = entry.HasPrivate,
            ["encrypted"] = entry.Encrypted,
            ["default"] = entry.IsDefault,
        };

    private static ExampleCommand List(CtHost host)
    {
        var command = new ExampleCommand("list", "List the keys of this user", "ct key list");
        command.SetAction(parsed =>
        {
            var entries = host.Keys.List();
            if (parsed.GetValue(CtCommands.Json))
            {
                JsonText.Write(host.Out, new JsonArray([.. entries.Select(JsonOf)]));
                return;
            }
            if (entries.Count == 0)
                host.Error.WriteLine($"There is no key in {host.Keys.Path}.\n\n  → ct keygen");
            foreach (var entry in entries)
            {
                var kind = entry switch
                {
                    { HasPrivate: false } => "public only",
                    { Encrypted: true } => "encrypted",
                    _ => "not encrypted",
                };
                host.Out.WriteLine($"{(entry.IsDefault ? "*" : " ")} {entry.Name, -20} {entry.PublicKey.Id}  {kind}");
            }
        });
        return command;
    }

    private static ExampleCommand Default(CtHost host)
    {
        var name = new Argument<string>("NAME") { Description = "A key whose private half is here" };
        var command = new ExampleCommand(
            "default",
            "Choose the key that signs when none is named",
            "ct key default release"
        )
        {
            name,
        };
        command.SetAction(parsed =>
        {
            host.Keys.SetDefault(parsed.GetValue(name)!);
            var entry = host.Keys.Find(parsed.GetValue(name)!);
            if (parsed.GetValue(CtCommands.Json))
                JsonText.Write(host.Out, JsonOf(entry));
            else
                host.Out.WriteLine($"✓ '{entry.Name}' ({entry.PublicKey.Id}) is the default key");
        });
        return command;
    }

    private static ExampleCommand Export(CtHost host)
    {
        var name = new Argument<string?>("NAME")
        {
            Description = "The key; the default one if left out",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var secret = new Option<bool>("--private") { Description = "Export the private key, as it is stored" };
        var command = new ExampleCommand(
            "export",
            "Print a key as PEM: the public half unless told otherwise",
            "ct key export > web.pub",
            "ct key export release --private > release.key"
        )
        {
            name,
            secret,
        };
        command.SetAction(parsed =>
        {
            var entry = host.Keys.Find(
                parsed.GetValue(name)
                    ?? host.Keys.DefaultName
                    ?? throw new PublicError(
                        ErrorId.NotFound,
                        "there is no default key",
                        "ct keygen",
                        "ct key export NAME"
                    )
            );
            if (!parsed.GetValue(secret))
                host.Out.Write(entry.PublicKey.ToPem());
            else if (entry.HasPrivate)
                host.Out.Write(File.ReadAllText(Path.Combine(host.Keys.Path, entry.Name + ".key")));
            else
                throw new PublicError(ErrorId.NotFound, $"of key '{entry.Name}' only the public half is here");
        });
        return command;
    }

    private static ExampleCommand Import(CtHost host)
    {
        var name = new Argument<string>("NAME") { Description = "What to call the key" };
        var file = new Argument<string>("FILE") { Description = "A PEM file: a public key, or a private one (PKCS#8)" };
        var password = new PasswordOptions();
        var command = new ExampleCommand(
            "import",
            "Take over a key from a PEM file",
            "ct key import alice alice.pub",
            "ct key import release release.key --password-file release.password"
        )
        {
            name,
            file,
        };
        password.AddTo(command);
        command.SetAction(parsed =>
        {
            var entry = Usage.Of(() => ImportFile(parsed.GetValue(name)!, parsed.GetValue(file)!));
            if (parsed.GetValue(CtCommands.Json))
                JsonText.Write(host.Out, JsonOf(entry));
            else
                host.Out.WriteLine($"✓ Imported key '{entry.Name}', {entry.PublicKey.Id}");

            KeyEntry ImportFile(string keyName, string path)
            {
                var pem = File.ReadAllText(path);
                if (pem.Contains("-----BEGIN PUBLIC KEY-----", StringComparison.Ordinal))
                    return host.Keys.SavePublic(keyName, PublicKey.ImportPem(pem));
                var secret = SigningKey.IsEncrypted(pem) ? password.ForExisting(parsed, host, keyName) : null;
                using var key = SigningKey.ImportPem(pem, secret);
                return host.Keys.Save(keyName, key, secret);
            }
        });
        return command;
    }
}
