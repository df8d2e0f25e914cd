using System.Net;
using System.Net.Sockets;

namespace EndToEnd.Stage;

/// <summary>Ports chosen by the kernel, and answers from them.</summary>
internal static class Ports
{
    public static int Free()
    {
        using var listener = new TcpListener(IPAddress.Any, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>The body at <paramref name="address"/>; a container that only just started is asked again for 10 s.</summary>
    public static async Task<string> GetAsync(string address)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (true)
        {
            try
            {
                return await client.GetStringAsync(address, limit.Token);
            }
            catch (HttpRequestException refused)
                when (refused.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused })
            {
                await Task.Yield();
            }
        }
    }
}
