using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Vordr.Client.Binding;
using Vordr.Client.Errors;

namespace Vordr.Server;

/// <summary>Errors outside MCP: the error object as <c>application/problem+json</c> (RFC 9457).</summary>
internal static class Problem
{
    public static Task WriteAsync(HttpContext http, Exception error, string? traceId = null)
    {
        var told = ErrorObject.From(error, traceId);
        http.Response.StatusCode = told.Status;
        http.Response.ContentType = "application/problem+json";
        return JsonSerializer.SerializeAsync(
            http.Response.Body,
            told,
            WireJson.Default.ErrorObject,
            http.RequestAborted
        );
    }
}
