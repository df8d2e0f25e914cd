using System.CommandLine;
using CerroTorre.Cli.Hosting;
using Oci.Errors;
using Trust.Attestations;
using Trust.Keys;

namespace CerroTorre.Cli.Commands;

/// <summary>Which key signs, and how its password is given: the same words on <c>pack</c> and <c>sign</c>.</summary>
internal sealed class SigningOptions
{
    private readonly PasswordOptions _password = new();

    private readonly Option<string?> _key = new("--key")
    {
        Description = "Sign with the key NAME instead of the default one",
        HelpName = "NAME",
    };

    private readonly Option<string> _suite = new("--suite")
    {
        Description = "Signature suite that the release is bound to",
        HelpName = "SUITE",
        DefaultValueFactory = _ => Suites.Ed25519,
    };

    /// <summary>Adds the options to a verb.</summary>
    public void AddTo(Command command)
    {
        command.Add(_key);
        command.Add(_suite);
        _password.AddTo(command);
    }

    /// <summary>The suite that was asked for.</summary>
    public string Suite(ParseResult parsed) => parsed.GetValue(_suite)!;

    /// <summary>Whether a key was named.</summary>
    public bool NamesKey(ParseResult parsed) => parsed.GetValue(_key) is not null;

    /// <summary>Name of the key to sign with, or null where none was named and there is no default.</summary>
    public string? KeyName(ParseResult parsed, CtHost host) => parsed.GetValue(_key) ?? host.Keys.DefaultName;

    /// <summary>The key to sign with.</summary>
    public SigningKey Load(ParseResult parsed, CtHost host)
    {
        var name =
            KeyName(parsed, host)
            ?? throw new PublicError(
                ErrorId.NotFound,
                "there is no key to sign with",
                "ct keygen",
                "ct key import NAME FILE"
            );
        var password = host.Keys.Find(name).Encrypted ? _password.ForExisting(parsed, host, name) : null;
        return host.Keys.Load(name, password);
    }
}
