using System.Text.Json.Nodes;
using Oci;
using Oci.Json;
using Trust.Attestations;

namespace CerroTorre.Statements;

/// <summary>Writes in-toto statements.</summary>
internal static class StatementDocument
{
    /// <summary>A statement of one subject, in canonical JSON.</summary>
    public static byte[] Of(string subject, Digest digest, string predicateType, JsonObject predicate) =>
        CanonicalJson.Write(
            new JsonObject
            {
                ["_type"] = Statement.TypeUri,
                ["subject"] = new JsonArray(
                    new JsonObject
                    {
                        ["name"] = subject,
                        ["digest"] = new JsonObject { ["sha256"] = digest.Hex },
                    }
                ),
                ["predicateType"] = predicateType,
                ["predicate"] = predicate,
            }
        );
}
