using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Oci.Errors;
using Vordr.Linux;

namespace Vordr.Server.Listening;

/// <summary>
/// The unix socket: 0660 for root and the group, in a directory of 0750 that stands before the socket does. Modes and
/// group are set between bind and listen, when nobody can connect yet.
/// </summary>
internal sealed partial class ListenSocket : IDisposable
{
    private const UnixFileMode SocketMode =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;

    private const UnixFileMode DirectoryMode =
        UnixFileMode.UserRead
        | UnixFileMode.UserWrite
        | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead
        | UnixFileMode.GroupExecute;

    /// <summary>sun_path holds 108 bytes with its NUL (unix(7)).</summary>
    private const int LongestPath = 107;

    private readonly string _path;
    private readonly FileStream _claim;

    private ListenSocket(string path, FileStream claim, Socket socket)
    {
        _path = path;
        _claim = claim;
        Socket = socket;
    }

    /// <summary>Bound, not listening yet.</summary>
    public Socket Socket { get; }

    /// <summary>Binds the socket; one that a killed server left there is replaced.</summary>
    /// <exception cref="PublicError">The path can't be a socket's, or another server listens there.</exception>
    public static ListenSocket Bind(ServeOptions options, ILogger logger)
    {
        var path = Path.GetFullPath(options.SocketPath!);
        var group = options.SocketGroup;
        if (System.Text.Encoding.UTF8.GetByteCount(path) > LongestPath)
            throw new PublicError(ErrorId.Config, $"The socket path is longer than {LongestPath} bytes: {path}");

        var groupId = SocketGroup.Find(group);
        MakeDirectory(Path.GetDirectoryName(path)!, options.OwnDirectory, groupId);
        var claim = Claim(path);
        try
        {
            if (File.Exists(path))
                File.Delete(path);
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.Bind(new UnixDomainSocketEndPoint(path));
            File.SetUnixFileMode(path, SocketMode);
            if (groupId is { } id)
                SocketGroup.Give(path, id);
            else
                LogNoGroup(logger, group, path);
            return new ListenSocket(path, claim, socket);
        }
        catch
        {
            claim.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Socket.Dispose();
        File.Delete(_path);
        _claim.Dispose();
    }

    private static void MakeDirectory(string directory, string? own, uint? group)
    {
        if (Directory.Exists(directory) && (own is null || Path.GetFullPath(own) != directory))
            return;
        Directory.CreateDirectory(directory, DirectoryMode);
        File.SetUnixFileMode(directory, DirectoryMode);
        if (group is { } id)
            SocketGroup.Give(directory, id);
    }

    /// <summary>
    /// The lock that makes one server the socket's owner. It tells a socket somebody listens on from one that was left
    /// behind, and its file stays: deleting a locked file would let two servers hold one each.
    /// </summary>
    private static FileStream Claim(string path)
    {
        try
        {
            return new FileStream(
                path + ".lock",
                new FileStreamOptions
                {
                    Mode = FileMode.OpenOrCreate,
                    Access = FileAccess.ReadWrite,
                    Share = FileShare.None,
                    UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
                }
            );
        }
        catch (IOException e)
        {
            throw new PublicError(
                ErrorId.StateLocked,
                $"Another `vordr serve` listens on {path}.",
                e,
                "stop it first, or give another --listen"
            );
        }
    }

    [LoggerMessage(3003, LogLevel.Information, "No group {Group} on this host: only root can connect to {Path}")]
    private static partial void LogNoGroup(ILogger logger, string group, string path);
}
