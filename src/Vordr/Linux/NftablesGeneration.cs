using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Vordr.Linux;

/// <summary>
/// The generation of a network namespace's nft rule set: a number that every change by anybody counts up
/// (NFT_MSG_GETGEN of <c>linux/netfilter/nf_tables.h</c>). As long as it stands, nothing has changed; asking costs
/// microseconds and doesn't load the library.
/// </summary>
internal sealed class NftablesGeneration : IDisposable
{
    private const ushort GetGeneration = (10 << 8) | 16;
    private const ushort GenerationId = 1;

    private readonly NetlinkSocket _socket = NetlinkSocket.Open(NetlinkSocket.Netfilter);

    /// <summary>Reads it.</summary>
    public uint Read()
    {
        uint generation = 0;
        var request = new NetlinkBatch()
            .Message(GetGeneration, NetlinkFlags.Acknowledge, "generation")
            .Structure(new NetfilterHeader());
        var error = _socket.Query(
            request,
            body =>
            {
                foreach (var (type, value) in NetlinkAttributes.Of(body, Marshal.SizeOf<NetfilterHeader>()))
                {
                    if (type == GenerationId)
                        generation = BinaryPrimitives.ReadUInt32BigEndian(value.Span);
                }
            }
        );
        return error == 0 ? generation : throw LinuxError.Of("nfnetlink", "generation", error);
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();
}
