namespace Trust.Attestations;

/// <summary>Signature suites: which signatures a statement must carry to count.</summary>
public static class Suites
{
    /// <summary>Ed25519.</summary>
    public const string Ed25519 = "CT-SIG-01";

    /// <summary>Ed25519 and ML-DSA-87, both. Named here so that it is refused by name: nothing verifies it yet.</summary>
    public const string Hybrid = "CT-SIG-02";

    /// <summary>What the suite consists of, for people.</summary>
    public static string Describe(string suite) =>
        suite switch
        {
            Ed25519 => "CT-SIG-01 (Ed25519)",
            Hybrid => "CT-SIG-02 (Ed25519 and ML-DSA-87)",
            _ => suite,
        };
}
