using System.Net;
using System.Runtime.InteropServices;

namespace Vordr.Linux;

/// <summary>
/// Connections that the kernel tracks (<c>linux/netfilter/nfnetlink_conntrack.h</c>). A datagram flow keeps the
/// translation that its first packet got for as long as packets come: also to a container that is gone.
/// </summary>
internal sealed class ConnectionTracking : IDisposable
{
    private const ushort Get = (1 << 8) | 1;
    private const ushort Delete = (1 << 8) | 2;
    private const ushort Original = 1;
    private const ushort Reply = 2;
    private const ushort Identity = 12;
    private const ushort Filter = 25;
    private const ushort FilterReply = 2;
    private const uint FilterSource = 1;
    private const ushort TupleAddresses = 1;
    private const ushort SourceAddress = 1;
    private const byte InternetFamily = 2;

    private readonly NetlinkSocket _socket = NetlinkSocket.Open(NetlinkSocket.Netfilter);

    /// <summary>Forgets the connections that <paramref name="address"/> answers.</summary>
    public void Forget(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        var deletions = new NetlinkBatch();
        var request = Start(new NetlinkBatch(), Get, NetlinkFlags.Dump)
            .Nested(
                Reply,
                tuple => tuple.Nested(TupleAddresses, addresses => addresses.Attribute(SourceAddress, bytes))
            )
            .Nested(Filter, filter => filter.Attribute(FilterReply, FilterSource));
        var error = _socket.Query(
            request,
            body =>
            {
                // Kernels before 5.8 don't filter, so look again.
                if (!Answers(body, bytes))
                    return;
                Start(deletions, Delete, NetlinkFlags.Acknowledge);
                foreach (var (type, value) in NetlinkAttributes.Of(body, Marshal.SizeOf<NetfilterHeader>()))
                {
                    if (type is Original or Identity)
                        deletions.Attribute(type, value.Span, nested: type == Original);
                }
            }
        );
        if (error != 0)
            throw LinuxError.Of("nfnetlink", "list connections", error);
        foreach (var answer in _socket.Execute(deletions))
        {
            // ENOENT: it ended by itself meanwhile.
            if (answer.Error is not (0 or Errno.ENOENT))
                throw LinuxError.Of("nfnetlink", "forget connection", answer.Error);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private static NetlinkBatch Start(NetlinkBatch batch, ushort type, ushort flags) =>
        batch.Message(type, flags, "connection").Structure(new NetfilterHeader { Family = InternetFamily });

    private static bool Answers(ReadOnlyMemory<byte> body, byte[] address) =>
        NetlinkAttributes
            .Of(body, Marshal.SizeOf<NetfilterHeader>())
            .Where(attribute => attribute.Type == Reply)
            .SelectMany(attribute => NetlinkAttributes.Of(attribute.Value))
            .Where(attribute => attribute.Type == TupleAddresses)
            .SelectMany(attribute => NetlinkAttributes.Of(attribute.Value))
            .Any(attribute => attribute.Type == SourceAddress && attribute.Value.Span.SequenceEqual(address));
}

/// <summary>struct nfgenmsg.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NetfilterHeader
{
    public byte Family;
    public byte Version;
    public ushort ResourceId;
}
