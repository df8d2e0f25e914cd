using System.Text.Json;
using Oci;
using Oci.Json;

namespace Trust.Attestations;

/// <summary>What a statement is about (in-toto ResourceDescriptor, as far as it decides anything).</summary>
/// <param name="Name">Its name, or null.</param>
/// <param name="Sha256">Its SHA-256, or null where only other digests are given.</param>
public sealed record Subject(string? Name, Digest? Sha256);

/// <summary>
/// An in-toto Statement v1: subjects, a predicate type, a predicate. A foreign document: members that the
/// specification doesn't name are ignored, as it demands; what it names has the right type.
/// </summary>
public sealed class Statement
{
    /// <summary>The one <c>_type</c> that is taken.</summary>
    public const string TypeUri = "https://in-toto.io/Statement/v1";

    private const string What = "in-toto statement";

    private Statement(IReadOnlyList<Subject> subjects, string predicateType, JsonElement? predicate)
    {
        Subjects = subjects;
        PredicateType = predicateType;
        Predicate = predicate;
    }

    /// <summary>One or more subjects.</summary>
    public IReadOnlyList<Subject> Subjects { get; }

    /// <summary>What the predicate means.</summary>
    public string PredicateType { get; }

    /// <summary>The predicate, an object; null where there is none.</summary>
    public JsonElement? Predicate { get; }

    /// <summary>Whether a subject has this SHA-256.</summary>
    public bool IsAbout(Digest digest) => Subjects.Any(s => s.Sha256 == digest);

    /// <summary>Reads a payload; the statement keeps referring to its bytes.</summary>
    /// <exception cref="FormatException">Not an in-toto Statement v1; the message says what and where.</exception>
    public static Statement Parse(ReadOnlyMemory<byte> payload)
    {
        // Not disposed: the predicate lives as long as the statement. Its memory is the collector's.
        var root = StrictJson.Parse(payload, What).RootElement;
        if (root.ValueKind != JsonValueKind.Object)
            throw Fault("", "is not an object");
        if (!string.Equals(Text(root, "_type", ""), TypeUri, StringComparison.Ordinal))
            throw Fault("/_type", $"is not {TypeUri}");
        var predicateType = Text(root, "predicateType", "");
        if (!Uri.TryCreate(predicateType, UriKind.Absolute, out _))
            throw Fault("/predicateType", "is not a type URI");
        JsonElement? predicate = null;
        if (root.TryGetProperty("predicate", out var value))
        {
            predicate = value.ValueKind == JsonValueKind.Object ? value : throw Fault("/predicate", "is not an object");
        }
        return new Statement(ReadSubjects(root), predicateType, predicate);
    }

    private static List<Subject> ReadSubjects(JsonElement root)
    {
        if (!root.TryGetProperty("subject", out var array) || array.ValueKind != JsonValueKind.Array)
            throw Fault("/subject", "is not an array");
        var subjects = new List<Subject>(array.GetArrayLength());
        foreach (var item in array.EnumerateArray())
            subjects.Add(ReadSubject(item, $"/subject/{subjects.Count}"));
        return subjects.Count > 0 ? subjects : throw Fault("/subject", "names nothing");
    }

    private static Subject ReadSubject(JsonElement item, string pointer)
    {
        if (item.ValueKind != JsonValueKind.Object)
            throw Fault(pointer, "is not an object");
        if (
            !item.TryGetProperty("digest", out var digests)
            || digests.ValueKind != JsonValueKind.Object
            || digests.GetPropertyCount() == 0
        )
            throw Fault(pointer + "/digest", "is not an object of digests");
        Digest? sha256 = null;
        foreach (var member in digests.EnumerateObject())
        {
            if (member.Value.ValueKind != JsonValueKind.String)
                throw Fault($"{pointer}/digest/{member.Name}", "is not text");
            if (!member.NameEquals("sha256"u8))
                continue;
            if (!Digest.TryFromHex(member.Value.GetString(), out var digest))
                throw Fault(pointer + "/digest/sha256", "is not 64 lower-case hex digits");
            sha256 = digest;
        }
        return new Subject(item.TryGetProperty("name", out _) ? Text(item, "name", pointer) : null, sha256);
    }

    private static string Text(JsonElement item, string name, string pointer) =>
        item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : throw Fault($"{pointer}/{name}", "is not text");

    private static FormatException Fault(string pointer, string reason) =>
        new(pointer.Length == 0 ? $"{What}: {reason}" : $"{What}: {pointer} {reason}");
}
