namespace Vordr.Conmon;

/// <summary>
/// A connection to a container's three streams through conmon's attach socket. Made between create and start it loses
/// nothing: conmon accepts it before it reads the first byte of output.
/// </summary>
internal sealed class AttachConnection : IAsyncDisposable
{
    /// <summary>Connects to the container whose runtime bundle is <paramref name="bundleDirectory"/>.</summary>
    public static Task<AttachConnection> ConnectAsync(string bundleDirectory, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    /// <summary>
    /// Copies until the container's output ends: frames to <paramref name="output"/> and <paramref name="error"/>, and
    /// <paramref name="input"/> (null: none) to the container, whose input is closed when it ends.
    /// </summary>
    public Task PumpAsync(Stream? input, Stream output, Stream error, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
