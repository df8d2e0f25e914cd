using System.CommandLine;
using CerroTorre.Cli.Hosting;
using Trust.Policies;
using Trust.Stores;

namespace CerroTorre.Cli.Commands;

/// <summary>By whose store and policy is judged: a named file, else this user's own, else nobody's and the strict one.</summary>
internal sealed class TrustOptions
{
    private readonly Option<string?> _policy = new("--policy")
    {
        Description = "Policy file; default: this user's, else the built-in strict one",
        HelpName = "FILE",
    };

    private readonly Option<string?> _store = new("--trust-store")
    {
        Description = "Trust store; default: this user's (ct trust init)",
        HelpName = "FILE",
    };

    /// <summary>Adds the options to a verb.</summary>
    public void AddTo(Command command)
    {
        command.Add(_policy);
        command.Add(_store);
    }

    /// <summary>The policy.</summary>
    public Policy Policy(ParseResult parsed, CtHost host) =>
        parsed.GetValue(_policy) is { } path
            ? Trust.Policies.Policy.Load(path)
            : Trust.Policies.Policy.LoadOrStrict(host.PolicyPath);

    /// <summary>The trust store.</summary>
    public TrustStore Store(ParseResult parsed, CtHost host) =>
        parsed.GetValue(_store) is { } path ? TrustStore.Load(path) : TrustStore.LoadOrEmpty(host.TrustStorePath);
}
