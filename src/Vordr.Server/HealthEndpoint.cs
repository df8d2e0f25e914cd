using Microsoft.AspNetCore.Http;
using Vordr.Client;

namespace Vordr.Server;

/// <summary><c>GET /health</c>: that the server answers, and nothing that a stranger shouldn't know.</summary>
internal static class HealthEndpoint
{
    public const string Path = "/health";

    private static readonly byte[] Body = System.Text.Encoding.UTF8.GetBytes(
        $$"""{"status":"ok","version":"{{VordrVersion.Text}}","service":"vordr"}"""
    );

    public static async Task AnswerAsync(HttpContext http)
    {
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = Body.Length;
        await http.Response.Body.WriteAsync(Body, http.RequestAborted);
    }
}
