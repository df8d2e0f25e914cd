using System.Net;
using System.Text.Json;
using Trust.Verdicts;
using Vordr.Bundles;
using Vordr.Client.Bundles;
using Vordr.Client.Containers;
using Vordr.Client.Networks;
using Vordr.Containers;
using ContainerDetails = Vordr.Client.Containers.ContainerDetails;
using ContainerSummary = Vordr.Client.Containers.ContainerSummary;
using EngineDetails = Vordr.Containers.ContainerDetails;
using EngineState = Vordr.Containers.ContainerState;
using EngineSummary = Vordr.Containers.ContainerSummary;
using PublishedPort = Vordr.Client.Containers.PublishedPort;

namespace Vordr.Server.Tools;

/// <summary>The engine's answers as wire records: for MCP, and for <c>--json</c> at the command line.</summary>
public static class AnswerMap
{
    private const string Redacted = "[redacted]";

    /// <summary>A container in a list.</summary>
    public static ContainerSummary Summary(EngineSummary container, DateTimeOffset now) =>
        new()
        {
            Id = container.Id.ToString(),
            Name = container.Name,
            Image = container.Image,
            ImageDigest = container.ImageDigest,
            BundleDigest = container.BundleDigest,
            Command = container.Command,
            Created = container.Created,
            State = container.State.Text(),
            Status = Status(container, now),
            ExitCode = container.ExitCode,
            Ports = [.. container.Ports.Select(Port)],
            Unverified = container.Unverified,
        };

    /// <summary>All of a container; values of its environment only where <paramref name="secrets"/> may be seen.</summary>
    public static ContainerDetails Details(EngineDetails container, bool secrets)
    {
        var summary = container.Summary;
        return new ContainerDetails
        {
            Id = summary.Id.ToString(),
            Name = summary.Name,
            Image = summary.Image,
            ImageDigest = summary.ImageDigest,
            BundleDigest = summary.BundleDigest,
            Command = summary.Command,
            State = summary.State.Text(),
            Reason = summary.Reason?.Text(),
            ExitCode = summary.ExitCode,
            Pid = container.Pid,
            Created = summary.Created,
            Started = summary.Started,
            Finished = summary.Finished,
            Config = Config(container.Options, secrets),
            Network = container.Network,
            Address = container.Address,
            Ports = [.. summary.Ports.Select(Port)],
            Unverified = summary.Unverified,
            User = container.User,
            Workdir = container.WorkDir,
            Env = Env(container.Env, secrets),
            Capabilities = container.Capabilities,
            Runtime = container.Runtime,
            OomKilled = container.OomKilled,
            Decision = container.Decision,
            Notes = container.Notes,
        };
    }

    /// <summary>A container that was made.</summary>
    public static CreateAnswer Created(EngineSummary container, long decision, IReadOnlyList<string> notes) =>
        new()
        {
            Id = container.Id.ToString(),
            Name = container.Name,
            Image = container.Image,
            ImageDigest = container.ImageDigest,
            State = container.State.Text(),
            Unverified = container.Unverified,
            Decision = decision,
            Notes = notes,
        };

    /// <summary>A bundle that was taken in.</summary>
    public static BundleAnswer Loaded(LoadResult result)
    {
        var colon = result.Name.LastIndexOf(':');
        return new BundleAnswer
        {
            Name = result.Name[..colon],
            Version = result.Name[(colon + 1)..],
            BundleDigest = result.BundleDigest,
            ImageDigest = result.ImageDigest,
            Known = result.Known,
            Verdict = VerdictOf(result.Verdict),
            Decision = result.Decision,
        };
    }

    /// <summary>A stored image.</summary>
    public static ImageSummary Image(Vordr.Images.ImageSummary image) =>
        new()
        {
            Image = $"{image.Name}:{image.Version}",
            ImageDigest = image.ImageDigest,
            BundleDigest = image.BundleDigest,
            Platform = image.Platform,
            Created = image.Created,
            Stored = image.Loaded,
            Size = image.Size,
        };

    /// <summary>A network.</summary>
    public static NetworkSummary Network(Vordr.Networks.NetworkSummary network) =>
        new()
        {
            Name = network.Name,
            Driver = network.Driver,
            Subnet = network.Subnet,
            Gateway = network.Gateway,
            Created = network.Created,
            Containers = network.Containers,
        };

    /// <summary>A verdict in its JSON form.</summary>
    public static JsonElement VerdictOf(Verdict verdict) =>
        JsonSerializer.SerializeToElement(verdict, VerdictJson.Default.Verdict);

    /// <summary>The state in words, as <c>docker ps</c> has them.</summary>
    public static string Status(EngineSummary container, DateTimeOffset now) =>
        container.State switch
        {
            EngineState.Created => "Created",
            EngineState.Running => $"Up {Ago(now - (container.Started ?? container.Created))}",
            EngineState.Paused => $"Up {Ago(now - (container.Started ?? container.Created))} (Paused)",
            EngineState.Stopped =>
                $"Exited ({container.ExitCode ?? -1}) {Ago(now - (container.Finished ?? container.Created))} ago",
            EngineState.Removed => "Removing",
            _ => throw new ArgumentOutOfRangeException(nameof(container)),
        };

    /// <summary>A span in its largest unit: <c>3 minutes</c>.</summary>
    public static string Ago(TimeSpan span)
    {
        var (count, unit) =
            span.TotalSeconds < 60 ? ((long)Math.Max(0, span.TotalSeconds), "second")
            : span.TotalMinutes < 60 ? ((long)span.TotalMinutes, "minute")
            : span.TotalHours < 48 ? ((long)span.TotalHours, "hour")
            : span.TotalDays < 14 ? ((long)span.TotalDays, "day")
            : span.TotalDays < 60 ? ((long)(span.TotalDays / 7), "week")
            : span.TotalDays < 730 ? ((long)(span.TotalDays / 30), "month")
            : ((long)(span.TotalDays / 365), "year");
        return count == 1 ? $"1 {unit}" : $"{count} {unit}s";
    }

    private static PublishedPort Port(Vordr.Networks.PublishedPort port) =>
        new(
            (port.HostIp ?? IPAddress.Any).ToString(),
            port.HostPort,
            port.ContainerPort,
            port.Protocol == Vordr.Networks.PortProtocol.Tcp ? "tcp" : "udp"
        );

    private static ContainerConfig Config(ContainerOptions options, bool secrets) =>
        new()
        {
            Env = options.Env.Count == 0 ? null : Env(options.Env, secrets),
            Ports = Texts(options.Ports, Published),
            Volumes = Texts(
                options.Volumes,
                volume => $"{volume.Source}:{volume.Target}{(volume.ReadOnly ? ":ro" : "")}"
            ),
            Network = options.Network,
            User = options.User,
            Workdir = options.WorkDir,
            ReadOnly = Asked(options.ReadOnly),
            Memory = options.Memory,
            PidsLimit = options.PidsLimit,
            AutoRemove = Asked(options.AutoRemove),
            Privileged = Asked(options.Privileged),
            CapAdd = Texts(options.CapAdd, name => name),
            CapDrop = Texts(options.CapDrop, name => name),
            Devices = Texts(options.Devices, path => path),
        };

    private static bool? Asked(bool flag) => flag ? true : null;

    private static IReadOnlyList<string>? Texts<T>(IReadOnlyList<T> items, Func<T, string> text) =>
        items.Count == 0 ? null : [.. items.Select(text)];

    private static string Published(Vordr.Networks.PublishedPort port)
    {
        var address = port.HostIp is null ? "" : $"{port.HostIp}:";
        var protocol = port.Protocol == Vordr.Networks.PortProtocol.Tcp ? "" : "/udp";
        return $"{address}{port.HostPort}:{port.ContainerPort}{protocol}";
    }

    private static Dictionary<string, string> Env(IReadOnlyList<string> variables, bool secrets)
    {
        var env = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var variable in variables)
        {
            var equals = variable.IndexOf('=');
            var name = equals < 0 ? variable : variable[..equals];
            env[name] =
                !secrets ? Redacted
                : equals < 0 ? ""
                : variable[(equals + 1)..];
        }
        return env;
    }
}
