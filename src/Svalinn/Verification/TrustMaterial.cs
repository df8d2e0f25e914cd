using Oci.Errors;
using Svalinn.Hosting;
using Trust.Policies;
using Trust.Stores;

namespace Svalinn.Verification;

/// <summary>The trust store and the policy by which this gateway judges.</summary>
/// <param name="Store">Whom it trusts.</param>
/// <param name="Policy">What it demands.</param>
internal sealed record TrustRules(TrustStore Store, Policy Policy);

/// <summary>
/// Reads trust store and policy from the operator's files, and again when they change. A file that can't be read
/// leaves nothing in force: judging fails until it is mended, it never goes on with what was there before.
/// </summary>
internal sealed class TrustMaterial(GatewayOptions options)
{
    private readonly Lock _lock = new();
    private Loaded? _loaded;

    /// <summary>Whether there is a policy file; else the built-in policy is in force.</summary>
    public bool HasPolicyFile => File.Exists(options.PolicyPath);

    /// <summary>Whether there is a trust store; else nobody is trusted.</summary>
    public bool HasTrustStore => File.Exists(options.TrustStorePath);

    /// <summary>What is in force now.</summary>
    /// <exception cref="PublicError">A file can't be read.</exception>
    public TrustRules Current
    {
        get
        {
            var stamps = (Stamp.Of(options.TrustStorePath), Stamp.Of(options.PolicyPath));
            if (Volatile.Read(ref _loaded) is { } loaded && loaded.Stamps == stamps)
                return loaded.Rules;
            lock (_lock)
            {
                var rules = new TrustRules(LoadStore(), LoadPolicy());
                Volatile.Write(ref _loaded, new Loaded(stamps, rules));
                return rules;
            }
        }
    }

    private TrustStore LoadStore() =>
        HasTrustStore ? Read("trust store", options.TrustStorePath, TrustStore.Load) : TrustStore.Empty;

    private Policy LoadPolicy() => HasPolicyFile ? Read("policy", options.PolicyPath, Policy.Load) : Policy.Strict;

    private static T Read<T>(string what, string path, Func<string, T> load)
    {
        try
        {
            return load(path);
        }
        catch (Exception exception) when (exception is FormatException or IOException or UnauthorizedAccessException)
        {
            // The path stays in the log: callers need not know where the operator keeps it.
            throw new PublicError(
                ErrorId.Config,
                $"The gateway's {what} can't be read, so nothing can be judged.",
                exception,
                "Ask the operator to look at the gateway's log."
            );
        }
    }

    private sealed record Loaded((Stamp Store, Stamp Policy) Stamps, TrustRules Rules);

    /// <summary>What changes when a file is written or replaced.</summary>
    private readonly record struct Stamp(DateTime Written, long Length)
    {
        public static Stamp Of(string path)
        {
            var file = new FileInfo(path);
            return file.Exists ? new Stamp(file.LastWriteTimeUtc, file.Length) : default;
        }
    }
}
