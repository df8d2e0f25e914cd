using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace EndToEnd.Stage;

/// <summary>An HTTP answer: status, headers, body.</summary>
internal sealed record Answer(int Status, HttpResponseHeaders Headers, string Text)
{
    public JsonNode Json => JsonNode.Parse(Text) ?? throw new InvalidOperationException("The body is null.");

    public Answer Is(int status)
    {
        Status.Should().Be(status, "{0}", Text);
        return this;
    }
}

/// <summary>A running <c>svalinn serve</c>, spoken to over real HTTP with its first key.</summary>
internal sealed partial class Gateway : IDisposable
{
    private readonly HttpClient _client;

    private Gateway(Service service, Uri address, string key)
    {
        Service = service;
        Address = address;
        _client = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(30) };
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    public Service Service { get; }

    public Uri Address { get; }

    public static async Task<Gateway> OfAsync(Service service, string keyFile)
    {
        var line = await service.WaitForLineAsync(line => ListeningOn().IsMatch(line));
        var address = new Uri(ListeningOn().Match(line).Value);
        return new Gateway(service, address, (await File.ReadAllTextAsync(keyFile)).Trim());
    }

    public Task<Answer> GetAsync(string path) => SendAsync(new HttpRequestMessage(HttpMethod.Get, path));

    public Task<Answer> DeleteAsync(string path) => SendAsync(new HttpRequestMessage(HttpMethod.Delete, path));

    public Task<Answer> PostAsync(string path, JsonNode? body = null) =>
        SendAsync(
            new HttpRequestMessage(HttpMethod.Post, path)
            {
                Content = body is null
                    ? null
                    : new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"),
            }
        );

    public async Task<Answer> UploadAsync(string file)
    {
        using var form = new MultipartFormDataContent();
        form.Add(new StreamContent(File.OpenRead(file)), "bundle", Path.GetFileName(file));
        return await SendAsync(new HttpRequestMessage(HttpMethod.Post, "/bundles/upload") { Content = form });
    }

    public async Task<Answer> SendAsync(HttpRequestMessage request)
    {
        using var response = await _client.SendAsync(request);
        return new Answer((int)response.StatusCode, response.Headers, await response.Content.ReadAsStringAsync());
    }

    public void Dispose() => _client.Dispose();

    [GeneratedRegex(@"http://127\.0\.0\.1:[1-9]\d*")]
    private static partial Regex ListeningOn();
}
