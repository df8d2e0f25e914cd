using System.Text;
using System.Text.Json;
using Svalinn.Hosting;
using Svalinn.Problems;
using Svalinn.Runtime;
using Svalinn.Validation;
using Vordr.Client.Binding;
using Vordr.Client.Containers;
using Vordr.Client.Tools;

namespace Svalinn.Containers;

/// <summary>What can be read of containers; Vörðr's structured content is handed through as it came.</summary>
internal static class ContainerReads
{
    private const int MostLines = 10_000;

    /// <summary><c>GET /containers</c>: the array, newest first.</summary>
    public static async Task ListAsync(HttpContext context, RuntimeCalls runtime, CancellationToken cancellationToken)
    {
        var query = StrictQuery.Of(context, "all", "status", "name", "limit");
        var request = new ListRequest
        {
            All = query.Flag("all"),
            Status = query.Text("status"),
            Name = query.Text("name"),
            Limit = query.Number("limit", least: 1),
        };
        var answer = await runtime.ReadAsync(
            context,
            VordrTools.List,
            request,
            WireJson.Default.ListRequest,
            cancellationToken
        );
        await JsonAnswer.WriteAsync(context, answer.GetProperty("containers"));
    }

    /// <summary><c>GET /containers/{id}</c>.</summary>
    public static async Task InspectAsync(
        string id,
        HttpContext context,
        RuntimeCalls runtime,
        CancellationToken cancellationToken
    )
    {
        StrictQuery.Of(context);
        var container = ContainerId.Parse(id);
        context.Outcome().Subject = container.Text;
        var answer = await runtime.ReadAsync(
            context,
            VordrTools.Inspect,
            new InspectRequest { Container = container.Text },
            WireJson.Default.InspectRequest,
            cancellationToken
        );
        await JsonAnswer.WriteAsync(context, answer);
    }

    /// <summary><c>GET /containers/{id}/logs</c>: JSON, or plain lines for <c>Accept: text/plain</c>.</summary>
    public static async Task LogsAsync(
        string id,
        HttpContext context,
        RuntimeCalls runtime,
        CancellationToken cancellationToken
    )
    {
        var query = StrictQuery.Of(context, "tail", "since");
        var container = ContainerId.Parse(id);
        context.Outcome().Subject = container.Text;
        var tail = query.Number("tail", least: 0);
        var request = new LogsRequest
        {
            Container = container.Text,
            Tail = tail is { } lines ? Math.Min(lines, MostLines) : null,
            Since = query.Time("since"),
        };
        var answer = await runtime.ReadAsync(
            context,
            VordrTools.Logs,
            request,
            WireJson.Default.LogsRequest,
            cancellationToken
        );
        if (context.Request.Headers.Accept.ToString().StartsWith("text/plain", StringComparison.OrdinalIgnoreCase))
            await WritePlainAsync(context, answer, cancellationToken);
        else
            await JsonAnswer.WriteAsync(context, answer);
    }

    private static async Task WritePlainAsync(
        HttpContext context,
        JsonElement answer,
        CancellationToken cancellationToken
    )
    {
        var text = new StringBuilder();
        foreach (var line in answer.GetProperty("lines").EnumerateArray())
            text.Append(line.GetProperty("text").GetString()).Append('\n');
        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.WriteAsync(text.ToString(), cancellationToken);
    }
}
