using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Oci.Errors;
using Svalinn.Authentication;
using Svalinn.State;

namespace Svalinn.Commands;

/// <summary><c>svalinn key create/list/revoke</c>: works on the state directory, beside a running gateway or without.</summary>
internal static class Key
{
    /// <summary>The verb.</summary>
    public static Command Command() => new("key", "Make, list and revoke API keys") { Create(), List(), Revoke() };

    private static Command Create()
    {
        var state = CommonOptions.State();
        var name = new Option<string>("--name")
        {
            Description = "What people call the key",
            HelpName = "NAME",
            Required = true,
        };
        var role = new Option<string>("--role")
        {
            Description = $"One of {RoleNames.All}",
            HelpName = "ROLE",
            DefaultValueFactory = _ => Role.Viewer.Name(),
        };
        var expires = new Option<int?>("--expires-in-days") { Description = "Days it is valid", HelpName = "DAYS" };
        var command = new Command("create", "Make a key and print it: it is shown this once")
        {
            state,
            name,
            role,
            expires,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var parsedRole =
                    RoleNames.Parse(parsed.GetRequiredValue(role))
                    ?? throw new PublicError(ErrorId.Usage, $"--role is one of {RoleNames.All}.");
                var days = parsed.GetValue(expires);
                if (days is < 1 or > 36_500)
                    throw new PublicError(ErrorId.Usage, "--expires-in-days is a number from 1 to 36500.");
                await using var opened = KeyDatabase.Open(parsed.GetRequiredValue(state));
                var key = ApiKey.Generate();
                var expiresAt = days is { } count
                    ? TimeProvider.System.GetUtcNow().AddDays(count)
                    : (DateTimeOffset?)null;
                await opened.Keys.AddAsync(
                    key,
                    parsed.GetRequiredValue(name),
                    parsedRole,
                    expiresAt,
                    cancellationToken
                );
                await parsed.InvocationConfiguration.Output.WriteLineAsync(key.Text);
                return 0;
            }
        );
        return command;
    }

    private static Command List()
    {
        var state = CommonOptions.State();
        var json = new Option<bool>("--json") { Description = "Print JSON" };
        var command = new Command("list", "List keys; no secret is shown") { state, json };
        command.SetAction(
            async (parsed, _) =>
            {
                await using var opened = KeyDatabase.Open(parsed.GetRequiredValue(state));
                var keys = opened.Keys.List();
                if (parsed.GetValue(json))
                {
                    await parsed.InvocationConfiguration.Output.WriteLineAsync(
                        JsonSerializer.Serialize(keys, KeyListJson.Default.IReadOnlyListApiKeyRecord)
                    );
                    return 0;
                }
                await parsed.InvocationConfiguration.Output.WriteLineAsync(
                    $"{"ID", -18}{"ROLE", -10}{"STATE", -10}{"LAST USED", -22}NAME"
                );
                var now = TimeProvider.System.GetUtcNow();
                foreach (var key in keys)
                {
                    await parsed.InvocationConfiguration.Output.WriteLineAsync(
                        $"{key.Id, -18}{key.Role.Name(), -10}{StateOf(key, now), -10}{Time(key.LastUsedAt), -22}"
                            + Trust.Verdicts.ForeignText.Escape(key.Name)
                    );
                }
                return 0;
            }
        );
        return command;
    }

    private static Command Revoke()
    {
        var state = CommonOptions.State();
        var id = new Argument<string>("ID") { Description = "The key's id, as 'svalinn key list' shows it" };
        var command = new Command("revoke", "Revoke a key; it fails from the next request on") { state, id };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                await using var opened = KeyDatabase.Open(parsed.GetRequiredValue(state));
                var key = parsed.GetRequiredValue(id);
                if (!await opened.Keys.RevokeAsync(key, cancellationToken))
                {
                    throw new PublicError(
                        ErrorId.NotFound,
                        $"No key '{Trust.Verdicts.ForeignText.Escape(key)}' that isn't revoked already.",
                        "svalinn key list"
                    );
                }
                return 0;
            }
        );
        return command;
    }

    private static string StateOf(ApiKeyRecord key, DateTimeOffset now) =>
        key.RevokedAt is not null ? "revoked"
        : key.ExpiresAt <= now ? "expired"
        : "valid";

    private static string Time(DateTimeOffset? time) =>
        time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "never";

    /// <summary>The keys of a state directory, and the database beneath them.</summary>
    private sealed class KeyDatabase(GatewayDatabase database, ApiKeyStore keys) : IAsyncDisposable
    {
        public ApiKeyStore Keys => keys;

        public static KeyDatabase Open(string directory)
        {
            var state = StateDirectory.Open(directory);
            var database = GatewayDatabase.Open(state.Location);
            return new KeyDatabase(database, ApiKeyStore.Open(state, database, TimeProvider.System));
        }

        public ValueTask DisposeAsync() => database.DisposeAsync();
    }
}

/// <summary>How <c>key list --json</c> is written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    WriteIndented = true,
    UseStringEnumConverter = true
)]
[JsonSerializable(typeof(IReadOnlyList<ApiKeyRecord>))]
internal sealed partial class KeyListJson : JsonSerializerContext;
