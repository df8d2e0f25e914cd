using Trust.Keys;

namespace CerroTorre.Cli.Hosting;

/// <summary>What <c>ct</c> touches of its process: tests give their own.</summary>
internal sealed record CtHost
{
    /// <summary>Data for the caller.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>Messages for people.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Opens standard input.</summary>
    public required Func<Stream> OpenIn { get; init; }

    /// <summary>Where keys, trust store and policy of this user are.</summary>
    public required string Home { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Reads an environment variable.</summary>
    public Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;

    /// <summary>Whether a person can be asked, and sees progress.</summary>
    public bool IsInteractive { get; init; }

    /// <summary>Asks for a password without showing it; null at the end of input.</summary>
    public Func<string, string?> AskPassword { get; init; } = _ => null;

    /// <summary>The keys of this user.</summary>
    public KeyDirectory Keys => new(Path.Combine(Home, "keys"));

    /// <summary>Where the trust store is unless <c>--trust-store</c> says otherwise.</summary>
    public string TrustStorePath => Path.Combine(Home, "trust-store.json");

    /// <summary>Where the policy is unless <c>--policy</c> says otherwise.</summary>
    public string PolicyPath => Path.Combine(Home, "policy.json");

    /// <summary>The real process.</summary>
    public static CtHost OfProcess() =>
        new()
        {
            Out = Console.Out,
            Error = Console.Error,
            OpenIn = Console.OpenStandardInput,
            Home = KeyDirectory.Home,
            IsInteractive = !Console.IsInputRedirected && !Console.IsErrorRedirected,
            AskPassword = Terminal.AskPassword,
        };
}
