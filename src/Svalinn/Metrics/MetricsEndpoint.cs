using Svalinn.Runtime;

namespace Svalinn.Metrics;

/// <summary>The Prometheus exposition.</summary>
internal static class MetricsEndpoint
{
    /// <summary><c>GET /metrics</c>.</summary>
    public static Task GetAsync(HttpContext context, RequestMetrics metrics, RuntimeStatus status)
    {
        context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        return context.Response.WriteAsync(metrics.Render(status.IsUp), context.RequestAborted);
    }
}
