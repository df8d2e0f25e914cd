using Vordr.Client.Networks;
using NetworkSummary = Vordr.Client.Networks.NetworkSummary;

namespace Vordr.Server.Tools;

/// <summary>The tools over networks.</summary>
internal sealed class NetworkTools(Engine engine)
{
    public async Task<NetworkList> ListAsync(NetworkListRequest request, ToolCall call, CancellationToken cancellation)
    {
        var networks = await engine.NetworksAsync(new Vordr.Networks.NetworksRequest(call.Caller), cancellation);
        return new NetworkList([.. networks.Select(AnswerMap.Network)]);
    }

    public async Task<NetworkSummary> CreateAsync(
        NetworkCreateRequest request,
        ToolCall call,
        CancellationToken cancellation
    ) =>
        AnswerMap.Network(
            await engine.CreateNetworkAsync(
                new Vordr.Networks.CreateNetworkRequest(
                    call.Caller,
                    request.Name,
                    string.IsNullOrEmpty(request.Subnet) ? null : request.Subnet
                ),
                cancellation
            )
        );
}
