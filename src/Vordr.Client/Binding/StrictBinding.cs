using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Vordr.Client.Binding;

/// <summary>
/// Binds a document to a strict record, and where it can't, says where (JSON pointer) and what would be right.
/// The gateway uses it for REST bodies, Vörðr for tool arguments: one name for a thing, one way to be told.
/// </summary>
public static class StrictBinding
{
    /// <summary>The record that <paramref name="document"/> describes.</summary>
    /// <exception cref="Oci.Errors.PublicError"><see cref="Oci.Errors.ErrorId.Usage"/> with the JSON pointer of the fault.</exception>
    public static T Bind<T>(ReadOnlyMemory<byte> document, JsonTypeInfo<T> type)
        where T : class => throw new NotImplementedException();

    /// <inheritdoc cref="Bind{T}(ReadOnlyMemory{byte}, JsonTypeInfo{T})"/>
    public static T Bind<T>(JsonElement document, JsonTypeInfo<T> type)
        where T : class => throw new NotImplementedException();
}
