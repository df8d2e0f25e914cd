using Svalinn.Hosting;
using Svalinn.Runtime;
using Svalinn.Validation;
using Vordr.Client.Binding;
using Vordr.Client.Bundles;
using Vordr.Client.Tools;

namespace Svalinn.Images;

/// <summary>What can be read of stored images and bundles.</summary>
internal static class ImageReads
{
    /// <summary><c>GET /images</c>: the array, newest first.</summary>
    public static async Task ListAsync(HttpContext context, RuntimeCalls runtime, CancellationToken cancellationToken)
    {
        StrictQuery.Of(context);
        var answer = await runtime.ReadAsync(
            context,
            VordrTools.Images,
            new ImagesRequest(),
            WireJson.Default.ImagesRequest,
            cancellationToken
        );
        await JsonAnswer.WriteAsync(context, answer.GetProperty("images"));
    }
}
