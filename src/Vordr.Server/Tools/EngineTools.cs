using System.Text.Json.Serialization.Metadata;
using ModelContextProtocol.Server;
using Vordr.Client.Binding;
using Vordr.Client.Tools;

namespace Vordr.Server.Tools;

/// <summary>Every tool over one engine, in the order of <see cref="VordrTools.All"/>.</summary>
internal static class EngineTools
{
    public static IReadOnlyList<McpServerTool> Over(Engine engine, ToolHost host)
    {
        var containers = new ContainerTools(engine);
        var content = new BundleTools(engine);
        var networks = new NetworkTools(engine);
        var health = new HealthTool(engine);
        var wire = WireJson.Default;
        return
        [
            Tool(VordrTools.Run, wire.CreateRequest, wire.CreateAnswer, containers.RunAsync),
            Tool(VordrTools.Create, wire.CreateRequest, wire.CreateAnswer, containers.CreateAsync),
            Tool(VordrTools.Start, wire.StartRequest, wire.ContainerState, containers.StartAsync),
            Tool(VordrTools.Stop, wire.StopRequest, wire.ContainerState, containers.StopAsync),
            Tool(VordrTools.Remove, wire.RemoveRequest, wire.RemoveAnswer, containers.RemoveAsync),
            Tool(VordrTools.List, wire.ListRequest, wire.ContainerList, containers.ListAsync),
            Tool(VordrTools.Inspect, wire.InspectRequest, wire.ContainerDetails, containers.InspectAsync),
            Tool(VordrTools.Logs, wire.LogsRequest, wire.LogsAnswer, containers.LogsAsync),
            Tool(VordrTools.Exec, wire.ExecRequest, wire.ExecAnswer, containers.ExecAsync),
            Tool(VordrTools.Images, wire.ImagesRequest, wire.ImageList, content.ImagesAsync),
            Tool(VordrTools.NetworkList, wire.NetworkListRequest, wire.NetworkList, networks.ListAsync),
            Tool(VordrTools.NetworkCreate, wire.NetworkCreateRequest, wire.NetworkSummary, networks.CreateAsync),
            Tool(VordrTools.Verify, wire.VerifyRequest, wire.VerifyAnswer, content.VerifyAsync),
            Tool(VordrTools.BundleLoad, wire.BundleLoadRequest, wire.BundleAnswer, content.LoadAsync),
            Tool(VordrTools.Health, wire.HealthRequest, wire.HealthAnswer, health.AnswerAsync),
        ];

        McpServerTool Tool<TRequest, TAnswer>(
            VordrTool tool,
            JsonTypeInfo<TRequest> request,
            JsonTypeInfo<TAnswer> answer,
            Func<TRequest, ToolCall, CancellationToken, Task<TAnswer>> handle
        )
            where TRequest : class => new EngineTool<TRequest, TAnswer>(tool, request, answer, host, handle);
    }
}
