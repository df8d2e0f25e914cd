using Vordr.Client;
using Vordr.Client.Health;

namespace Vordr.Server.Tools;

/// <summary>The tool that says whether containers can run here.</summary>
internal sealed class HealthTool(Engine engine)
{
    public async Task<HealthAnswer> AnswerAsync(HealthRequest request, ToolCall call, CancellationToken cancellation)
    {
        var report = await engine.DoctorAsync(cancellation);
        var runtime = report.Checks.FirstOrDefault(check => check.Name == "runtime")?.Detail;
        return new HealthAnswer(report.Healthy ? "ok" : "degraded", VordrVersion.Text, "vordr", runtime);
    }
}
