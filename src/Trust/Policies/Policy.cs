using System.Text.Json;
using Oci;
using Oci.Errors;
using Oci.Json;
using Trust.Attestations;
using Trust.Keys;

namespace Trust.Policies;

/// <summary>How a policy treats what it finds.</summary>
public enum PolicyMode
{
    /// <summary>Whatever fails refuses.</summary>
    Strict,

    /// <summary>Missing evidence passes, marked unverified; wrong evidence refuses.</summary>
    Permissive,

    /// <summary>As permissive, and what the rules deny passes too.</summary>
    Audit,
}

/// <summary>
/// What an operator demands of a bundle before it may run (<c>policy.v1</c>, <c>trust.md</c>, "Policy"). A member that
/// the file leaves out has the built-in policy's value; for <c>allowedSigners</c> and <c>threshold</c>, any key among
/// the releasers. A member that nothing judges yet is an error, never ignored.
/// </summary>
public sealed class Policy
{
    private const int MaxBytes = 1 << 20;
    private const string What = "policy";

    private static readonly IReadOnlyList<string> s_builtInPredicates =
    [
        PredicateTypes.SlsaProvenance,
        PredicateTypes.Spdx,
    ];

    private readonly byte[] _bytes;

    private Policy(PolicyDocument document, byte[] bytes, bool isBuiltIn)
    {
        PolicyReader.CheckRest(document);
        _bytes = bytes;
        IsBuiltIn = isBuiltIn;
        Mode = PolicyReader.ReadMode(document.Mode);
        RequiredPredicates = PolicyReader.ReadPredicates(document.RequiredPredicates, s_builtInPredicates);
        AllowedSigners = document.AllowedSigners;
        Threshold = document.Threshold;
        LogQuorum = document.LogQuorum;
        AllowedSuites = PolicyReader.ReadSuites(document.Suites);
        Registries = PolicyReader.ReadPatterns(document.Registries, "/registries");
        Images = PolicyReader.ReadPatterns(document.Images, "/images");
        Run = document.Run is { } run ? PolicyReader.ReadRun(run, "/run") : null;
        Digest = Digest.Of(bytes);
    }

    /// <summary>
    /// The built-in policy, in force where no file says otherwise: a release by the releasers, or by the threshold
    /// <c>release</c> where the store has one; SLSA provenance; an SPDX SBOM; one log where the store lists any.
    /// </summary>
    public static Policy Strict { get; } = BuiltIn();

    /// <summary>Whether this is <see cref="Strict"/> and no file.</summary>
    public bool IsBuiltIn { get; }

    /// <summary>Strict, permissive or audit.</summary>
    public PolicyMode Mode { get; }

    /// <summary>The mode as documents write it.</summary>
    public string ModeName => PolicyReader.NameOf(Mode);

    /// <summary>Predicate types of which each must be stated about the bundle.</summary>
    public IReadOnlyList<string> RequiredPredicates { get; }

    /// <summary>Releasers of whom any one must have signed; null: no such list.</summary>
    public IReadOnlyList<KeyId>? AllowedSigners { get; }

    /// <summary>Name of the store's threshold that the release must meet; null: none.</summary>
    public string? Threshold { get; }

    /// <summary>How many logs must have the release; null: one where the store lists any.</summary>
    public int? LogQuorum { get; }

    /// <summary>Suites that a statement may be signed with to count.</summary>
    public IReadOnlyList<string> AllowedSuites { get; }

    /// <summary>Registries that images may come from.</summary>
    public ReferenceRules Registries { get; }

    /// <summary>Images that may run.</summary>
    public ReferenceRules Images { get; }

    /// <summary>Rules of the run, or null where the file has none: see <see cref="RunRules.For"/>.</summary>
    public RunRules? Run { get; }

    /// <summary>SHA-256 of the policy's bytes.</summary>
    public Digest Digest { get; }

    /// <summary>Reads a policy.</summary>
    /// <exception cref="PublicError">It isn't valid; the message says where.</exception>
    public static Policy Parse(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            var document = StrictJson.Deserialize(utf8.Span, PolicyJson.Default.PolicyDocument, What);
            return new Policy(document, utf8.ToArray(), isBuiltIn: false);
        }
        catch (FormatException e)
        {
            throw new PublicError(ErrorId.Config, $"The policy is not valid: {e.Message}.", e);
        }
        catch (DocumentFault e)
        {
            throw e.ToError(What);
        }
    }

    /// <summary>Reads a policy file.</summary>
    /// <exception cref="PublicError">There is none, or it isn't valid.</exception>
    public static Policy Load(string path) => Parse(DocumentFile.Read(path, MaxBytes, What));

    /// <summary>Reads a policy file; the built-in policy where there is no such file.</summary>
    /// <exception cref="PublicError">It isn't valid, or can't be read.</exception>
    public static Policy LoadOrStrict(string path) =>
        DocumentFile.TryRead(path, MaxBytes, What) is { } bytes ? Parse(bytes) : Strict;

    /// <summary>The policy's bytes, as they were read; of the built-in one, the file that says what it says.</summary>
    public byte[] ToBytes() => [.. _bytes];

    private static Policy BuiltIn()
    {
        var document = new PolicyDocument
        {
            Version = 1,
            Mode = "strict",
            RequiredPredicates = s_builtInPredicates,
            Suites = [Suites.Ed25519],
        };
        var bytes = JsonSerializer.SerializeToUtf8Bytes(document, PolicyJson.Default.PolicyDocument);
        return new Policy(document, [.. bytes, (byte)'\n'], isBuiltIn: true);
    }
}
