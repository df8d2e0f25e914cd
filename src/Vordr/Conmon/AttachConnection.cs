using System.Globalization;
using System.Net.Sockets;
using Vordr.Linux;

namespace Vordr.Conmon;

/// <summary>
/// A connection to a container's three streams through conmon's attach socket. Made between create and start it loses
/// nothing: conmon's loop asks its listening socket before it asks the container's output, so that it has accepted the
/// connection when it reads the first byte.
/// </summary>
internal sealed class AttachConnection : IAsyncDisposable
{
    private const byte OutputStream = 2;
    private const byte ErrorStream = 3;

    // conmon reads at most 32 KiB less one of a packet; its own frames are 8 KiB and a byte.
    private const int LargestInput = 8 * 1024;
    private const int LargestFrame = 64 * 1024;

    private readonly Socket socket;

    private AttachConnection(Socket socket) => this.socket = socket;

    /// <summary>Connects to the container whose runtime bundle is <paramref name="bundleDirectory"/>.</summary>
    public static async Task<AttachConnection> ConnectAsync(string bundleDirectory, CancellationToken cancellationToken)
    {
        var connection = new Socket(AddressFamily.Unix, SocketType.Seqpacket, ProtocolType.Unspecified);
        try
        {
            // The name of a socket is at most 107 bytes long; through a descriptor of its directory any path will do.
            using var directory = FileSystem.OpenDirectory(bundleDirectory);
            var name = string.Create(
                CultureInfo.InvariantCulture,
                $"/proc/self/fd/{directory.DangerousGetHandle()}/attach"
            );
            await connection.ConnectAsync(new UnixDomainSocketEndPoint(name), cancellationToken);
            return new(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Copies until the container's output ends: frames to <paramref name="output"/> and <paramref name="error"/>, and
    /// <paramref name="input"/> (null: none) to the container, whose input is closed when it ends.
    /// </summary>
    public async Task PumpAsync(Stream? input, Stream output, Stream error, CancellationToken cancellationToken)
    {
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var sending = input is null ? Task.CompletedTask : SendAsync(input, done.Token);
        try
        {
            await ReceiveAsync(output, error, cancellationToken);
        }
        finally
        {
            // A read of a terminal or a pipe can't be cancelled: it is left to end with this process.
            await done.CancelAsync();
            _ = sending.ContinueWith(
                static failed => failed.Exception,
                CancellationToken.None,
                TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default
            );
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task ReceiveAsync(Stream output, Stream error, CancellationToken cancellationToken)
    {
        var frame = new byte[LargestFrame];
        while (true)
        {
            int count;
            try
            {
                count = await socket.ReceiveAsync(frame, SocketFlags.None, cancellationToken);
            }
            // conmon was killed.
            catch (SocketException reset) when (reset.SocketErrorCode == SocketError.ConnectionReset)
            {
                return;
            }
            if (count == 0)
                return;
            var target = frame[0] switch
            {
                OutputStream => output,
                ErrorStream => error,
                _ => null,
            };
            if (target is null || count < 2)
                continue;
            await target.WriteAsync(frame.AsMemory(1, count - 1), cancellationToken);
            await target.FlushAsync(cancellationToken);
        }
    }

    private async Task SendAsync(Stream input, CancellationToken cancellationToken)
    {
        var buffer = new byte[LargestInput];
        try
        {
            int count;
            while ((count = await input.ReadAsync(buffer, cancellationToken)) > 0)
                await socket.SendAsync(buffer.AsMemory(0, count), SocketFlags.None, cancellationToken);
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception ended) when (ended is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The container has ended, and takes no more input.
        }
    }
}
