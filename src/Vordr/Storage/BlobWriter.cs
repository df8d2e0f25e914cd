namespace Vordr.Storage;

/// <summary>
/// A blob on its way into the <see cref="ContentStore"/>. Size and digest are checked while it is written; disposing
/// it before <see cref="CommitAsync"/> leaves nothing.
/// </summary>
internal sealed class BlobWriter : IAsyncDisposable
{
    /// <summary>Takes the blob's bytes; one byte too many throws at once.</summary>
    public Stream Stream => throw new NotImplementedException();

    /// <summary>Checks size and digest, syncs, and renames into place.</summary>
    /// <exception cref="Oci.Errors.PublicError">DigestMismatch; NoSpace.</exception>
    public Task CommitAsync(CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
