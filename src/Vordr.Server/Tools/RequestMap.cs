using Oci.Errors;
using Vordr.Client.Containers;
using Vordr.Containers;
using CreateRequest = Vordr.Client.Containers.CreateRequest;
using EngineCreateRequest = Vordr.Containers.CreateRequest;
using PublishedPort = Vordr.Networks.PublishedPort;

namespace Vordr.Server.Tools;

/// <summary>Wire requests as the engine's. What a container can't be given over MCP is refused here, by pointer.</summary>
internal static class RequestMap
{
    private const int MostSeconds = 3600;

    public static EngineCreateRequest Create(CreateRequest request, ToolCall call) =>
        new()
        {
            Caller = call.Caller,
            Image = Content(request.Bundle, request.Image),
            Options = Options(request),
            Constraints = request.Constraints?.ToRules(),
        };

    /// <summary>The one of the two that was given: what to run, or to verify.</summary>
    public static string Content(string? bundle, string? image)
    {
        var (hasBundle, hasImage) = (!string.IsNullOrEmpty(bundle), !string.IsNullOrEmpty(image));
        return (hasBundle, hasImage) switch
        {
            (true, false) => bundle!,
            (false, true) => image!,
            (true, true) => throw Fault("/image", "Give either bundle or image, not both."),
            (false, false) => throw Fault("/image", "Neither bundle nor image is given.", "vordr_images lists both"),
        };
    }

    /// <summary><c>NAME=value</c>, as processes have them.</summary>
    public static IReadOnlyList<string> Env(IReadOnlyDictionary<string, string>? env, string pointer)
    {
        if (env is null)
            return [];
        foreach (var (name, value) in env)
        {
            if (
                name.Length == 0
                || name.AsSpan().ContainsAny('=', '\0')
                || value.Contains('\0', StringComparison.Ordinal)
            )
                throw Fault($"{pointer}/{name}", "A variable's name is empty, or holds '=' or NUL.");
        }
        return [.. env.Select(variable => $"{variable.Key}={variable.Value}")];
    }

    /// <summary>A time limit in whole seconds.</summary>
    public static TimeSpan? Seconds(int? seconds, string pointer) =>
        seconds switch
        {
            null => null,
            >= 0 and <= MostSeconds => TimeSpan.FromSeconds(seconds.Value),
            _ => throw Fault(pointer, $"A timeout is 0 to {MostSeconds} seconds."),
        };

    private static ContainerOptions Options(CreateRequest request)
    {
        var config = request.Config ?? new ContainerConfig();
        RefuseHostNamespace(config.Pid, "pid");
        RefuseHostNamespace(config.Ipc, "ipc");
        RefuseHostNamespace(config.Uts, "uts");
        RefuseSecurityOptions(config.SecurityOpt);
        return new ContainerOptions
        {
            Name = NullIfEmpty(request.Name),
            Command = request.Command ?? [],
            Env = Env(config.Env, "/config/env"),
            Volumes = Each(config.Volumes, "/config/volumes", VolumeMount.Parse),
            Ports = Each(config.Ports, "/config/ports", PublishedPort.Parse),
            Network = NullIfEmpty(config.Network),
            User = NullIfEmpty(config.User),
            WorkDir = NullIfEmpty(config.Workdir),
            ReadOnly = config.ReadOnly ?? false,
            Memory = Positive(config.Memory, "/config/memory"),
            PidsLimit = Positive(config.PidsLimit, "/config/pidsLimit"),
            Privileged = config.Privileged ?? false,
            CapAdd = config.CapAdd ?? [],
            CapDrop = config.CapDrop ?? [],
            Devices = config.Devices ?? [],
            AutoRemove = config.AutoRemove ?? false,
        };
    }

    /// <summary>No profile and no policy of this version grants these, so they are refused before anything is made.</summary>
    private static void RefuseHostNamespace(string? mode, string member)
    {
        if (mode is null or "" or "private")
            return;
        throw mode == "host"
            ? new PublicError(
                ErrorId.PolicyDenied,
                $"The host's {member} namespace is refused: no rule of a policy can allow it.",
                $"leave {member} out: the container gets its own"
            )
            {
                Pointer = $"/config/{member}",
            }
            : Fault($"/config/{member}", "A namespace is private or host.");
    }

    private static void RefuseSecurityOptions(IReadOnlyList<string>? options)
    {
        foreach (var option in options ?? [])
        {
            if (option is "no-new-privileges" or "no-new-privileges=true")
                continue; // always so
            throw new PublicError(
                ErrorId.PolicyDenied,
                $"The security option '{option}' is refused: containers keep the default confinement.",
                "leave securityOpt out"
            )
            {
                Pointer = "/config/securityOpt",
            };
        }
    }

    private static List<T> Each<T>(IReadOnlyList<string>? texts, string pointer, Func<string, T> parse)
    {
        if (texts is null)
            return [];
        var results = new List<T>(texts.Count);
        for (var i = 0; i < texts.Count; i++)
        {
            try
            {
                results.Add(parse(texts[i]));
            }
            catch (PublicError e)
            {
                throw new PublicError(e.Id, e.Message, e, e.Suggestions) { Pointer = $"{pointer}/{i}" };
            }
        }
        return results;
    }

    /// <summary>Zero asks for nothing, as every falsy value does.</summary>
    private static long? Positive(long? value, string pointer) =>
        value switch
        {
            null or 0 => null,
            > 0 => value,
            _ => throw Fault(pointer, "A limit is a positive number."),
        };

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static PublicError Fault(string pointer, string message, params IReadOnlyList<string> suggestions) =>
        new(ErrorId.Usage, message, suggestions) { Pointer = pointer };
}
