using System.CommandLine;
using System.Text.Json.Nodes;
using CerroTorre.Cli.Hosting;
using Oci.Errors;
using Trust.Keys;
using Trust.Stores;
using Trust.Verdicts;

namespace CerroTorre.Cli.Commands;

/// <summary><c>ct trust init/add/show</c>.</summary>
internal static class TrustCommands
{
    public static Command Create(CtHost host) =>
        new ExampleCommand(
            "trust",
            "Whom to trust, and for what",
            "ct trust init",
            "ct trust add alice.pub --role releasers --names 'acme/**'"
        )
        {
            Init(host),
            Add(host),
            Show(host),
        };

    private static Option<string?> StoreOption() =>
        new("--trust-store") { Description = "The trust store's file; default: this user's", HelpName = "FILE" };

    private static ExampleCommand Init(CtHost host)
    {
        var store = StoreOption();
        var key = new Option<string?>("--key")
        {
            Description = "Trust this key instead of the default one",
            HelpName = "NAME",
        };
        var id = new Option<string>("--id")
        {
            Description = "What the store calls itself",
            HelpName = "ID",
            DefaultValueFactory = _ => "local",
        };
        var command = new ExampleCommand(
            "init",
            "Make a trust store that trusts your key as builder and releaser",
            "ct trust init",
            "ct trust init --key release --trust-store trust-store.json"
        )
        {
            store,
            key,
            id,
        };
        command.SetAction(parsed =>
        {
            var path = parsed.GetValue(store) ?? host.TrustStorePath;
            if (File.Exists(path))
                throw new PublicError(
                    ErrorId.Usage,
                    $"there is a trust store already: {path}",
                    "ct trust show",
                    "ct trust add KEY"
                );
            var name =
                parsed.GetValue(key)
                ?? host.Keys.DefaultName
                ?? throw new PublicError(ErrorId.NotFound, "there is no key to trust", "ct keygen");
            var entry = host.Keys.Find(name);
            var now = host.Clock.GetUtcNow();
            var made = TrustStore
                .Create(parsed.GetValue(id)!, now)
                .Add(Roles.Builders, entry.PublicKey, now, label: entry.Name)
                .Add(Roles.Releasers, entry.PublicKey, now, label: entry.Name);
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            made.Save(path);
            if (parsed.GetValue(CtCommands.Json))
                JsonText.Write(host.Out, JsonOf(made, path));
            else
                host.Out.WriteLine($"✓ {path} trusts '{entry.Name}' ({entry.PublicKey.Id}) to build and to release");
        });
        return command;
    }

    private static ExampleCommand Add(CtHost host)
    {
        var key = new Argument<string>("KEY")
        {
            Description = "A key's name (ct key list), or the PEM file of a public key",
        };
        var store = StoreOption();
        var role = new Option<string[]>("--role")
        {
            Description = $"What to trust it for: {string.Join(", ", Roles.All)}; may be given again",
            HelpName = "ROLE",
            DefaultValueFactory = _ => [Roles.Releasers],
        };
        role.AcceptOnlyFromAmong([.. Roles.All]);
        var names = new Option<string[]>("--names")
        {
            Description = "Trust it for packages of these names only, e.g. acme/**; may be given again",
            HelpName = "PATTERN",
        };
        var until = new Option<string?>("--valid-until")
        {
            Description = "Trust it up to this time",
            HelpName = "TIME",
        };
        var command = new ExampleCommand(
            "add",
            "Trust another key",
            "ct trust add alice.pub",
            "ct trust add ci.pub --role builders --valid-until 2027-12-31T00:00:00Z",
            "ct trust add alice.pub --names 'acme/**'"
        )
        {
            key,
            role,
            names,
            until,
            store,
        };
        command.SetAction(parsed =>
        {
            var path = parsed.GetValue(store) ?? host.TrustStorePath;
            var (label, publicKey) = KeyOf(parsed.GetValue(key)!, host);
            var now = host.Clock.GetUtcNow();
            var validUntil = parsed.GetValue(until) is { } text
                ? CreatedTime.Parse(text, "--valid-until")
                : (DateTimeOffset?)null;
            var changed = TrustStore.Load(path);
            foreach (var name in parsed.GetValue(role)!)
                changed = changed.Add(name, publicKey, now, validUntil, label, parsed.GetValue(names) ?? []);
            changed.Save(path);
            if (parsed.GetValue(CtCommands.Json))
                JsonText.Write(host.Out, JsonOf(changed, path));
            else
                host.Out.WriteLine(
                    $"✓ {path} trusts '{label}' ({publicKey.Id}) as {string.Join(", ", parsed.GetValue(role)!)}"
                );
        });
        return command;
    }

    private static ExampleCommand Show(CtHost host)
    {
        var store = StoreOption();
        var command = new ExampleCommand("show", "Show whom the trust store trusts, and for what", "ct trust show")
        {
            store,
        };
        command.SetAction(parsed =>
        {
            var path = parsed.GetValue(store) ?? host.TrustStorePath;
            var loaded = TrustStore.Load(path);
            if (parsed.GetValue(CtCommands.Json))
            {
                JsonText.Write(host.Out, JsonOf(loaded, path));
                return;
            }
            host.Out.WriteLine($"{path}: '{ForeignText.Escape(loaded.Id)}', version {loaded.Version}, {loaded.Digest}");
            foreach (var role in loaded.Keys.GroupBy(trusted => trusted.Role, StringComparer.Ordinal))
            {
                host.Out.WriteLine();
                host.Out.WriteLine(role.Key);
                foreach (var trusted in role)
                    host.Out.WriteLine($"  {trusted.Id}  {ForeignText.Escape(trusted.Label)}{Limits(trusted)}");
            }
        });
        return command;
    }

    private static string Limits(TrustedKey key)
    {
        var limits = new List<string>();
        if (key.Names is { } names)
            limits.Add("only " + string.Join(" ", names.Select(ForeignText.Escape)));
        if (key.ValidUntil is { } end)
            limits.Add($"until {end:yyyy-MM-dd'T'HH:mm:ss'Z'}");
        if (key.RevokedAt is { } revoked)
            limits.Add($"REVOKED {revoked:yyyy-MM-dd'T'HH:mm:ss'Z'}");
        return limits.Count == 0 ? "" : $"  ({string.Join(", ", limits)})";
    }

    private static (string Label, PublicKey Key) KeyOf(string word, CtHost host)
    {
        if (!File.Exists(word))
            return (word, host.Keys.Find(word).PublicKey);
        var pem = File.ReadAllText(word);
        return (Path.GetFileNameWithoutExtension(word), Usage.Of(() => PublicKey.ImportPem(pem)));
    }

    private static JsonObject JsonOf(TrustStore store, string path) =>
        new()
        {
            ["path"] = path,
            ["digest"] = store.Digest.ToString(),
            ["store"] = JsonNode.Parse(store.ToBytes()),
        };
}
