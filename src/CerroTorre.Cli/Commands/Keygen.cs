using System.CommandLine;
using CerroTorre.Cli.Hosting;
using Oci.Errors;
using Trust.Keys;

namespace CerroTorre.Cli.Commands;

/// <summary><c>ct keygen</c>.</summary>
internal static class Keygen
{
    public static Command Create(CtHost host)
    {
        var name = new Option<string>("--name")
        {
            Description = "What to call the key",
            HelpName = "NAME",
            DefaultValueFactory = _ => "default",
        };
        var noPassword = new Option<bool>("--no-password")
        {
            Description = "Leave the private key unencrypted (its file is for its owner only either way)",
        };
        var password = new PasswordOptions();
        var command = new ExampleCommand(
            "keygen",
            "Make an Ed25519 key pair; the first one becomes the default key",
            "ct keygen",
            "ct keygen --name release --password-file release.password",
            "ct keygen --name ci --no-password"
        )
        {
            name,
            noPassword,
        };
        password.AddTo(command);
        command.SetAction(parsed =>
        {
            var plain = parsed.GetValue(noPassword);
            if (plain && password.Given(parsed) is not null)
                throw new PublicError(ErrorId.Usage, "--no-password excludes --password-file and --password-fd");
            using var key = SigningKey.Generate();
            var entry = host.Keys.Save(parsed.GetValue(name)!, key, plain ? null : password.ForNew(parsed, host));
            if (parsed.GetValue(CtCommands.Json))
            {
                JsonText.Write(host.Out, KeyCommands.JsonOf(entry));
                return;
            }
            host.Out.WriteLine($"✓ Made key '{entry.Name}'{(entry.IsDefault ? ", the default one" : "")}");
            host.Out.WriteLine();
            host.Out.WriteLine($"    id       {entry.PublicKey.Id}");
            host.Out.WriteLine(
                $"    private  {Path.Combine(host.Keys.Path, entry.Name + ".key")}{(entry.Encrypted ? "" : "  (not encrypted)")}"
            );
            host.Out.WriteLine($"    public   {Path.Combine(host.Keys.Path, entry.Name + ".pub")}");
            host.Out.WriteLine();
            host.Out.WriteLine(
                File.Exists(host.TrustStorePath) ? $"  → ct trust add {entry.Name}" : "  → ct trust init"
            );
        });
        return command;
    }
}
