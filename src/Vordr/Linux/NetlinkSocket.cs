using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Vordr.Linux;

/// <summary>The kernel's answer to one message: 0, or an error number and, where it has one, a sentence.</summary>
internal readonly record struct NetlinkAnswer(int Error, string? Text);

/// <summary>
/// A netlink socket (netlink(7)). It belongs to the network namespace of the thread that opened it, whoever uses it
/// later. One exchange at a time; safe to share between threads.
/// </summary>
internal sealed partial class NetlinkSocket : IDisposable
{
    /// <summary>NETLINK_ROUTE: links, addresses, routes.</summary>
    public const int Route = 0;

    /// <summary>NETLINK_NETFILTER: nf_tables, conntrack.</summary>
    public const int Netfilter = 12;

    private const int HeaderLength = 16;
    private const ushort MessageError = 2;
    private const ushort MessageDone = 3;

    private readonly SafeFileHandle _socket;
    private readonly Lock _exchange = new();

    /// <summary>Dumps come in pieces of up to 32 KiB.</summary>
    private readonly byte[] _received = GC.AllocateUninitializedArray<byte>(64 * 1024);

    private NetlinkSocket(SafeFileHandle socket) => _socket = socket;

    /// <summary>Opens a socket in the calling thread's network namespace.</summary>
    public static NetlinkSocket Open(int protocol)
    {
        var descriptor = LinuxError.Check(socket(AddressFamily, RawCloseOnExec, protocol), "socket", "netlink");
        var result = new NetlinkSocket(new SafeFileHandle(descriptor, ownsHandle: true));
        // Answers without a copy of the request, and with the kernel's own words about what is wrong. Kernels that
        // lack an option are told apart by nothing else, so a refusal doesn't matter.
        var on = 1;
        _ = setsockopt(result._socket, NetlinkLevel, OptionCapAck, in on, sizeof(int));
        _ = setsockopt(result._socket, NetlinkLevel, OptionExtendedAck, in on, sizeof(int));
        return result;
    }

    /// <summary>Sends all messages of the batch at once and returns the answer to each, in order.</summary>
    public NetlinkAnswer[] Execute(NetlinkBatch batch)
    {
        batch.Complete();
        var answers = new NetlinkAnswer[batch.Subjects.Count];
        if (answers.Length == 0)
            return answers;
        lock (_exchange)
        {
            Send(batch);
            for (var open = answers.Length; open > 0; )
            {
                var rest = Receive();
                while (TryTake(ref rest, out var type, out var sequence, out var body))
                {
                    if (type != MessageError || sequence >= answers.Length)
                        continue;
                    answers[sequence] = ReadAnswer(body);
                    open--;
                }
            }
        }
        return answers;
    }

    /// <summary>
    /// Sends one request and hands every answering message's body (without the netlink header) to
    /// <paramref name="take"/>. Returns the error number, 0 when all went well.
    /// </summary>
    public int Query(NetlinkBatch request, Action<ReadOnlyMemory<byte>> take)
    {
        request.Complete();
        lock (_exchange)
        {
            Send(request);
            while (true)
            {
                var rest = Receive();
                while (TryTake(ref rest, out var type, out _, out var body))
                {
                    if (type == MessageDone)
                        return 0;
                    if (type == MessageError)
                        return ReadAnswer(body).Error;
                    take(body);
                }
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private void Send(NetlinkBatch batch)
    {
        var bytes = batch.Bytes;
        var sent = LinuxError.Check(send(_socket, bytes, bytes.Length, 0), "send", "netlink");
        if (sent != bytes.Length)
            throw LinuxError.Of("send", "netlink", Errno.EMSGSIZE);
    }

    private ReadOnlyMemory<byte> Receive()
    {
        while (true)
        {
            var length = recv(_socket, _received, _received.Length, TruncatedLength);
            if (length < 0 && Marshal.GetLastPInvokeError() == Errno.EINTR)
                continue;
            LinuxError.Check(length, "recv", "netlink");
            if (length > _received.Length)
                throw LinuxError.Of("recv", "netlink", Errno.EMSGSIZE);
            return _received.AsMemory(0, (int)length);
        }
    }

    private static bool TryTake(
        ref ReadOnlyMemory<byte> rest,
        out ushort type,
        out uint sequence,
        out ReadOnlyMemory<byte> body
    )
    {
        (type, sequence, body) = (0, 0, default);
        if (rest.Length < HeaderLength)
            return false;
        var header = rest.Span;
        var length = (int)MemoryMarshal.Read<uint>(header);
        if (length < HeaderLength || length > rest.Length)
            return false;
        type = MemoryMarshal.Read<ushort>(header[4..]);
        sequence = MemoryMarshal.Read<uint>(header[8..]);
        body = rest[HeaderLength..length];
        rest = rest[Math.Min((length + 3) & ~3, rest.Length)..];
        return true;
    }

    /// <summary>struct nlmsgerr: error, header of the request; with NETLINK_EXT_ACK a sentence as attribute 1.</summary>
    private static NetlinkAnswer ReadAnswer(ReadOnlyMemory<byte> body)
    {
        var error = -MemoryMarshal.Read<int>(body.Span);
        string? text = null;
        if (error != 0)
        {
            foreach (var (type, value) in NetlinkAttributes.Of(body, 4 + HeaderLength))
            {
                if (type == 1)
                    text = Encoding.UTF8.GetString(value.Span.TrimEnd((byte)0));
            }
        }
        return new NetlinkAnswer(error, text);
    }

    private const int AddressFamily = 16;
    private const int RawCloseOnExec = 3 | 0x80000;
    private const int NetlinkLevel = 270;
    private const int OptionCapAck = 10;
    private const int OptionExtendedAck = 11;

    /// <summary>MSG_TRUNC: tells the true length of a message that didn't fit.</summary>
    private const int TruncatedLength = 0x20;

    [LibraryImport("libc", SetLastError = true)]
    private static partial int socket(int domain, int type, int protocol);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setsockopt(SafeFileHandle socket, int level, int name, in int value, int length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint send(SafeFileHandle socket, ReadOnlySpan<byte> buffer, nint length, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint recv(SafeFileHandle socket, Span<byte> buffer, nint length, int flags);
}
