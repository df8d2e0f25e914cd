using System.Text.Json.Serialization;
using Oci;

namespace Trust.Attestations;

/// <summary>
/// What a transparency log said about one envelope. Kept and written back; this version can't check the proof, so no
/// entry is ever counted.
/// </summary>
public sealed record LogEntry
{
    /// <summary>The log: its checkpoint origin.</summary>
    public required string LogId { get; init; }

    /// <summary>Index of the leaf.</summary>
    public required long LogIndex { get; init; }

    /// <summary>When the log says it took the leaf.</summary>
    [JsonConverter(typeof(Rfc3339))]
    public required DateTimeOffset IntegratedTime { get; init; }

    /// <summary>Digest of the envelope, in RFC 8785 form.</summary>
    public required Digest Envelope { get; init; }

    /// <summary>The inclusion proof.</summary>
    public required IReadOnlyList<string> Hashes { get; init; }

    /// <summary>The checkpoint, a signed note.</summary>
    public required string Checkpoint { get; init; }
}
