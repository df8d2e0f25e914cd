using Trust.Attestations;

namespace Trust.Policies;

/// <summary>
/// Checks what the shape of a policy's document can't, and says where it fails. A demand that nothing judges yet is an
/// error: a policy is never weaker than it reads.
/// </summary>
internal static class PolicyReader
{
    public static PolicyMode ReadMode(string? mode) =>
        mode switch
        {
            null or "strict" => PolicyMode.Strict,
            "permissive" => PolicyMode.Permissive,
            "audit" => PolicyMode.Audit,
            _ => throw new DocumentFault("/mode", $"'{mode}' is none of strict, permissive, audit"),
        };

    public static string NameOf(PolicyMode mode) =>
        mode switch
        {
            PolicyMode.Strict => "strict",
            PolicyMode.Permissive => "permissive",
            PolicyMode.Audit => "audit",
            _ => throw new ArgumentOutOfRangeException(nameof(mode)),
        };

    public static void CheckRest(PolicyDocument document)
    {
        if (document.Version != 1)
            throw new DocumentFault("/version", "is not 1, the only version there is");
        RefuseUnsupported("/identities", document.Identities is not null);
        RefuseUnsupported("/provenance", document.Provenance is not null);
        RefuseUnsupported("/sbom", document.Sbom is not null);
        RefuseUnsupported("/maxAge", document.MaxAge is not null);
        RefuseUnsupported("/registries/pins", document.Registries?.Pins is not null);
        RefuseUnsupported("/images/pins", document.Images?.Pins is not null);
        if (document is { AllowedSigners: not null, Threshold: not null })
            throw new DocumentFault("/threshold", "stands beside allowedSigners; a policy has one of the two");
        if (document.AllowedSigners is { Count: 0 })
            throw new DocumentFault(
                "/allowedSigners",
                "is empty, so nobody could release; leave it out for any releaser"
            );
        if (document.Threshold is "")
            throw new DocumentFault("/threshold", "is empty");
        if (document.LogQuorum is < 0)
            throw new DocumentFault("/logQuorum", "is negative");
    }

    public static IReadOnlyList<string> ReadPredicates(IReadOnlyList<string>? types, IReadOnlyList<string> builtIn)
    {
        for (var i = 0; i < types?.Count; i++)
        {
            if (!Uri.TryCreate(types[i], UriKind.Absolute, out _))
                throw new DocumentFault($"/requiredPredicates/{i}", $"'{types[i]}' is no type URI");
        }
        return types?.Distinct(StringComparer.Ordinal).ToList() ?? builtIn;
    }

    public static IReadOnlyList<string> ReadSuites(IReadOnlyList<string>? suites)
    {
        if (suites is { Count: 0 })
            throw new DocumentFault("/suites", "is empty, so nothing could be released; leave it out for the default");
        for (var i = 0; i < suites?.Count; i++)
        {
            RefuseUnsupported($"/suites/{i}: {Suites.Hybrid}", suites[i] == Suites.Hybrid);
            if (suites[i] != Suites.Ed25519)
                throw new DocumentFault($"/suites/{i}", $"'{suites[i]}' is no signature suite");
        }
        return [Suites.Ed25519];
    }

    public static ReferenceRules ReadPatterns(PatternsDocument? patterns, string pointer) =>
        patterns is null
            ? ReferenceRules.None
            : new ReferenceRules(
                patterns.Allowed is { } allowed ? ReadPatterns(allowed, pointer + "/allowed") : null,
                ReadPatterns(patterns.Blocked ?? [], pointer + "/blocked")
            );

    public static RunRules ReadRun(RunDocument run, string pointer)
    {
        var builtIn = RunRules.BuiltIn;
        if (run.User is not (null or "nonroot"))
            throw new DocumentFault(pointer + "/user", $"'{run.User}' is not 'nonroot', the only demand there is");
        if (run.Pids is <= 0)
            throw new DocumentFault(pointer + "/pids", "is not 1 or more");
        long? memory = null;
        if (run.Memory is not null)
        {
            if (!ByteSize.TryParse(run.Memory, out var bytes) || bytes == 0)
                throw new DocumentFault(pointer + "/memory", $"'{run.Memory}' is no size like 512MiB");
            memory = bytes;
        }
        return new RunRules
        {
            Privileged = run.Privileged ?? builtIn.Privileged,
            Capabilities = run.Capabilities is { } names
                ? ReadCapabilities(names, pointer + "/capabilities")
                : builtIn.Capabilities,
            HostNetwork = run.HostNetwork ?? builtIn.HostNetwork,
            HostPaths = ReadPaths(run.HostPaths, pointer + "/hostPaths"),
            Devices = ReadPaths(run.Devices, pointer + "/devices"),
            NonRoot = run.User is not null,
            ReadOnlyRootfs = run.ReadOnlyRootfs ?? builtIn.ReadOnlyRootfs,
            Memory = memory,
            Pids = run.Pids ?? builtIn.Pids,
        };
    }

    private static List<string> ReadCapabilities(IReadOnlyList<string> names, string pointer)
    {
        var capabilities = new List<string>(names.Count);
        for (var i = 0; i < names.Count; i++)
        {
            var name = RunJudge.PlainCapability(names[i]);
            if (name.Length == 0 || !name.All(c => char.IsAsciiLetterUpper(c) || c == '_'))
                throw new DocumentFault(
                    $"{pointer}/{i}",
                    $"'{names[i]}' is no capability's name, like NET_BIND_SERVICE"
                );
            capabilities.Add(name);
        }
        return capabilities;
    }

    private static IReadOnlyList<string> ReadPaths(IReadOnlyList<string>? paths, string pointer)
    {
        for (var i = 0; i < paths?.Count; i++)
        {
            if (!paths[i].StartsWith('/'))
                throw new DocumentFault($"{pointer}/{i}", $"'{paths[i]}' is no absolute path");
            ReadPattern(paths[i], $"{pointer}/{i}");
        }
        return paths ?? [];
    }

    private static List<NamePattern> ReadPatterns(IReadOnlyList<string> patterns, string pointer) =>
        [.. patterns.Select((text, i) => ReadPattern(text, $"{pointer}/{i}"))];

    private static NamePattern ReadPattern(string text, string pointer)
    {
        try
        {
            return NamePattern.Parse(text);
        }
        catch (FormatException e)
        {
            throw new DocumentFault(pointer, e.Message);
        }
    }

    private static void RefuseUnsupported(string pointer, bool isThere)
    {
        if (isThere)
            throw new DocumentFault(pointer, "is not supported yet, and a demand that nothing judges is never ignored");
    }
}
