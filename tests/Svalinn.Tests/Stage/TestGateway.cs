using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Svalinn.Authentication;
using Svalinn.Hosting;
using Svalinn.Limits;
using Svalinn.State;
using Vordr.Client;

namespace Svalinn.Tests.Stage;

/// <summary>An HTTP answer: status, headers, body.</summary>
internal sealed record Answer(int Status, HttpResponseMessage Message, string Text)
{
    public JsonNode Json => JsonNode.Parse(Text) ?? throw new InvalidOperationException("The body is null.");

    public string? ContentType => Message.Content.Headers.ContentType?.MediaType;

    public Answer Is(int status)
    {
        Status.Should().Be(status, "{0}", Text.Replace("{", "{{").Replace("}", "}}"));
        return this;
    }

    /// <summary>Holds every problem to its form.</summary>
    public JsonNode IsProblem(int status, string id)
    {
        Is(status);
        ContentType.Should().Be("application/problem+json");
        var problem = Json;
        problem["status"]!.GetValue<int>().Should().Be(status);
        problem["id"]!.GetValue<string>().Should().Be(id);
        problem["type"]!.GetValue<string>().Should().EndWith(id);
        problem["title"]!.GetValue<string>().Should().NotBeEmpty();
        problem["detail"]!.GetValue<string>().Should().NotBeEmpty();
        problem["suggestions"]!.AsArray().Count.Should().BeLessThanOrEqualTo(3);
        problem["traceId"]!.GetValue<string>().Should().MatchRegex("^[0-9a-f]{32}$");
        return problem;
    }
}

/// <summary>
/// The gateway in process, on a free port, before a stand-in for Vörðr; spoken to over real HTTP.
/// </summary>
internal sealed class TestGateway : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly Dictionary<Role, string> _keys = [];
    private GatewayDatabase _database = null!;
    private WebApplication _app = null!;

    private TestGateway() => Vordr = new StandInVordr(_directory.Of("vordr.sock"));

    public StandInVordr Vordr { get; }

    public HttpClient Http { get; private set; } = null!;

    public RecordingLog Log { get; } = new();

    public ApiKeyStore Keys { get; private set; } = null!;

    public Uri Address { get; private set; } = null!;

    public string StatePath => _directory.Of("state");

    public string PathOf(string name) => _directory.Of(name);

    public static async Task<TestGateway> StartAsync(
        Func<GatewayOptions, GatewayOptions>? configure = null,
        bool vordr = true
    )
    {
        var gateway = new TestGateway();
        if (vordr)
            await gateway.Vordr.StartAsync();
        var options = new GatewayOptions
        {
            Listen = [ListenAddress.Parse("127.0.0.1:0")],
            Runtime = VordrEndpoint.Unix(gateway._directory.Of("vordr.sock")),
            StateDirectory = gateway.StatePath,
            TrustStorePath = gateway._directory.Of("trust-store.json"),
            PolicyPath = gateway._directory.Of("policy.json"),
            Limits = new GatewayLimits { ByAddress = null, ByPrincipal = null },
        };
        options = configure?.Invoke(options) ?? options;
        var state = StateDirectory.Open(options.StateDirectory);
        gateway._database = GatewayDatabase.Open(state.Location);
        gateway.Keys = ApiKeyStore.Open(state, gateway._database, options.Time);
        gateway._app = Gateway.Build(
            options,
            gateway._database,
            gateway.Keys,
            logging => logging.ClearProviders().AddProvider(gateway.Log).SetMinimumLevel(LogLevel.Debug)
        );
        await gateway._app.StartAsync();
        if (options.Listen[0].SocketPath is null)
        {
            gateway.Address = new Uri(gateway._app.Urls.First());
            gateway.Http = new HttpClient { BaseAddress = gateway.Address, Timeout = TimeSpan.FromSeconds(20) };
        }
        return gateway;
    }

    /// <summary>A key of this role, made when it is first asked for.</summary>
    public async Task<string> KeyAsync(Role role)
    {
        if (_keys.TryGetValue(role, out var text))
            return text;
        var key = ApiKey.Generate();
        await Keys.AddAsync(key, $"test {role.Name()}", role, expiresAt: null, CancellationToken.None);
        return _keys[role] = key.Text;
    }

    public Task<Answer> GetAsync(string path, Role? role = Role.Viewer) => SendAsync(HttpMethod.Get, path, role);

    public Task<Answer> DeleteAsync(string path, Role? role = Role.Operator) =>
        SendAsync(HttpMethod.Delete, path, role);

    public Task<Answer> PostAsync(string path, string? json = null, Role? role = Role.Operator) =>
        SendAsync(
            HttpMethod.Post,
            path,
            role,
            json is null ? null : new StringContent(json, Encoding.UTF8, "application/json")
        );

    public Task<Answer> UploadAsync(byte[] bundle, Role? role = Role.Operator)
    {
        var content = new ByteArrayContent(bundle);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        return SendAsync(HttpMethod.Post, "/bundles/upload", role, content);
    }

    public async Task<Answer> SendAsync(HttpMethod method, string path, Role? role, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (role is { } known)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await KeyAsync(known));
        return await SendAsync(request);
    }

    public async Task<Answer> SendAsync(HttpRequestMessage request)
    {
        var response = await Http.SendAsync(request);
        return new Answer((int)response.StatusCode, response, await response.Content.ReadAsStringAsync());
    }

    /// <summary>Rows of a table of the gateway's database, read as another program would.</summary>
    public List<Dictionary<string, object>> Rows(string sql)
    {
        using var connection = new SqliteConnection(
            $"Data Source={Path.Combine(StatePath, "svalinn.db")};Pooling=False"
        );
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // the test's own text
        command.CommandText = sql;
#pragma warning restore CA2100
        using var reader = command.ExecuteReader();
        var rows = new List<Dictionary<string, object>>();
        while (reader.Read())
            rows.Add(Enumerable.Range(0, reader.FieldCount).ToDictionary(reader.GetName, reader.GetValue));
        return rows;
    }

    /// <summary>Waits for what happens after an answer, or without one.</summary>
    public static async Task UntilAsync(Func<bool> happened)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        while (!happened())
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    public T Service<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    public async ValueTask DisposeAsync()
    {
        Http?.Dispose();
        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
        }
        if (_database is not null)
            await _database.DisposeAsync();
        await Vordr.DisposeAsync();
        _directory.Dispose();
    }
}
