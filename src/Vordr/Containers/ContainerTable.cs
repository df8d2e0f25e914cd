using System.Text.Json;
using Microsoft.Data.Sqlite;
using Oci.Errors;
using Vordr.Processes;
using Vordr.State;

namespace Vordr.Containers;

/// <summary>The containers' rows, inside the transaction that needs them. States change through <see cref="Lifecycle"/> only.</summary>
internal static class ContainerTable
{
    private const string Select = """
        SELECT c.id, c.name, c.bundle, b.name || ':' || b.version, b.root, c.options, c.state, c.desired, c.created,
               c.started, c.finished, c.exit_code, c.reason, c.oom, c.pid, c.pid_start, c.conmon, c.conmon_start, c.boot,
               c.network, c.runtime, c.command, c.labels, c.notes, c.unverified, c.decision
        FROM containers c JOIN bundles b ON b.digest = c.bundle
        """;

    /// <summary>Takes name and id for a container that is being made.</summary>
    /// <exception cref="PublicError"><see cref="ErrorId.ContainerExists"/>: the name is taken.</exception>
    public static void Insert(this Session session, ContainerRow row)
    {
        if (session.Count("SELECT count(*) FROM containers WHERE name = $1", row.Name) > 0)
        {
            throw new PublicError(
                ErrorId.ContainerExists,
                $"The name {row.Name} is taken by another container.",
                $"vordr rm {row.Name}",
                "Give another --name"
            );
        }
        session.Execute(
            """
            INSERT INTO containers (id, name, bundle, options, desired, created, network, runtime, command, labels, notes)
            VALUES ($1, $2, $3, $4, $5, $6, $7, '', '[]', $8, '[]')
            """,
            row.Id.ToString(),
            row.Name,
            row.Bundle.ToString(),
            JsonSerializer.Serialize(row.Options, StateJson.Default.ContainerOptions),
            row.Desired.ToString(),
            row.Created.ToUnixTimeMilliseconds(),
            row.Network,
            JsonSerializer.Serialize(row.Labels, StateJson.Default.IReadOnlyDictionaryStringString)
        );
    }

    /// <summary>Records what bringing it up left: its processes, and what the finished spec says.</summary>
    public static void SetProcess(this Session session, ContainerId id, BroughtUp up) =>
        session.Execute(
            """
            UPDATE containers
            SET pid = $2, pid_start = $3, conmon = $4, conmon_start = $5, boot = $6, runtime = $7, command = $8, notes = $9
            WHERE id = $1
            """,
            id.ToString(),
            up.Process.Pid,
            (long)up.Process.StartTime,
            up.Conmon.Pid,
            (long)up.Conmon.StartTime,
            up.Process.BootId,
            up.Runtime,
            JsonSerializer.Serialize(up.Command, StateJson.Default.IReadOnlyListString),
            JsonSerializer.Serialize(up.Notes, StateJson.Default.IReadOnlyListString)
        );

    /// <summary>Names the decision that let it in, and whether evidence was missing.</summary>
    public static void SetDecision(this Session session, ContainerId id, long decision, bool unverified) =>
        session.Execute(
            "UPDATE containers SET decision = $2, unverified = $3 WHERE id = $1",
            id.ToString(),
            decision,
            unverified
        );

    /// <summary>The container is made: from here on it is seen.</summary>
    public static void SetCreated(this Session session, ContainerId id) => Enter(session, id, ContainerState.Created);

    /// <summary>The container runs.</summary>
    public static void SetRunning(this Session session, ContainerId id, DateTimeOffset at)
    {
        Enter(session, id, ContainerState.Running);
        session.Execute(
            """
            UPDATE containers
            SET desired = 'Running', started = $2, finished = NULL, exit_code = NULL, reason = NULL, oom = 0
            WHERE id = $1
            """,
            id.ToString(),
            at.ToUnixTimeMilliseconds()
        );
    }

    /// <summary>The container has ended, and nothing of its processes is left.</summary>
    public static void SetStopped(this Session session, ContainerId id, ContainerEnd end)
    {
        Enter(session, id, ContainerState.Stopped);
        SetEnd(session, id, end);
    }

    /// <summary>The container could not be started: it is stopped, as it was or instead of created.</summary>
    public static void SetNotStarted(this Session session, ContainerId id, ContainerEnd end)
    {
        if (session.FindContainer(id) is { State: not ContainerState.Stopped })
            Enter(session, id, ContainerState.Stopped);
        SetEnd(session, id, end);
    }

    private static void SetEnd(Session session, ContainerId id, ContainerEnd end) =>
        session.Execute(
            """
            UPDATE containers
            SET desired = 'Stopped', finished = $2, exit_code = $3, reason = $4, oom = $5,
                pid = NULL, pid_start = NULL, conmon = NULL, conmon_start = NULL, boot = NULL
            WHERE id = $1
            """,
            id.ToString(),
            end.At.ToUnixTimeMilliseconds(),
            end.ExitCode,
            end.Reason.ToString(),
            end.Reason == EndReason.OutOfMemory
        );

    /// <summary>Says what is wanted of the container, before any signal.</summary>
    public static void SetDesired(this Session session, ContainerId id, DesiredState desired) =>
        session.Execute("UPDATE containers SET desired = $2 WHERE id = $1", id.ToString(), desired.ToString());

    /// <summary>Keeps how a container ended that removes itself, for whoever still waits for it: an hour.</summary>
    public static void KeepEnd(this Session session, ContainerRow row, ContainerEnd end)
    {
        session.Execute("DELETE FROM ends WHERE at < $1", end.At.AddHours(-1).ToUnixTimeMilliseconds());
        session.Execute(
            """
            INSERT INTO ends (container, name, exit_code, reason, at) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (container) DO NOTHING
            """,
            row.Id.ToString(),
            row.Name,
            end.ExitCode,
            end.Reason.ToString(),
            end.At.ToUnixTimeMilliseconds()
        );
    }

    /// <summary>How a container ended that removed itself.</summary>
    public static ContainerEnd? FindEnd(this Session session, ContainerId id) =>
        session.First(
            "SELECT exit_code, reason, at FROM ends WHERE container = $1",
            row => new ContainerEnd(row.GetInt32(0), Enum.Parse<EndReason>(row.GetString(1)), row.Time(2)),
            id.ToString()
        );

    /// <summary>The container is gone, with its addresses and ports.</summary>
    public static void Delete(this Session session, ContainerId id) =>
        session.Execute("DELETE FROM containers WHERE id = $1", id.ToString());

    /// <summary>The container of this id, also while it is being made.</summary>
    public static ContainerRow? FindContainer(this Session session, ContainerId id) =>
        session.First(Select + " WHERE c.id = $1", Read, id.ToString());

    /// <summary>The container that people call so: by name, id, or unambiguous start of an id.</summary>
    /// <exception cref="PublicError"><see cref="ErrorId.ContainerNotFound"/>, or <see cref="ErrorId.Usage"/> where several fit.</exception>
    public static ContainerRow Container(this Session session, string named)
    {
        var byName = session.First(Select + " WHERE c.name = $1 AND c.state IS NOT NULL", Read, named);
        if (byName is not null)
            return byName;
        if (named.Length is >= 1 and <= 64 && named.All(char.IsAsciiHexDigitLower))
        {
            var found = session.Query(
                Select + " WHERE c.id >= $1 AND c.id < $1 || 'g' AND c.state IS NOT NULL LIMIT 2",
                Read,
                named
            );
            if (found.Count == 1)
                return found[0];
            if (found.Count > 1)
                throw new PublicError(ErrorId.Usage, $"Several containers have an id that begins with {named}.");
        }
        throw new PublicError(ErrorId.ContainerNotFound, $"There is no container {named}.", "vordr ps -a");
    }

    /// <summary>All containers that are seen, newest first.</summary>
    public static List<ContainerRow> Containers(this Session session) =>
        session.Query(Select + " WHERE c.state IS NOT NULL ORDER BY c.created DESC, c.id", Read);

    /// <summary>Containers that count as alive, and whose processes another boot had.</summary>
    public static List<ContainerId> ContainersOfOtherBoots(this Session session, string boot) =>
        session.Query(
            "SELECT id FROM containers WHERE boot <> $1 AND state IS NOT NULL",
            row => ContainerId.Parse(row.GetString(0)),
            boot
        );

    private static void Enter(Session session, ContainerId id, ContainerState to)
    {
        var row =
            session.FindContainer(id)
            ?? throw new PublicError(ErrorId.ContainerNotFound, $"There is no container {id.Short}.", "vordr ps -a");
        Lifecycle.Demand(row.Name, row.State, to);
        session.Execute("UPDATE containers SET state = $2 WHERE id = $1", id.ToString(), to.ToString());
    }

    private static ContainerRow Read(SqliteDataReader row) =>
        new()
        {
            Id = ContainerId.Parse(row.GetString(0)),
            Name = row.GetString(1),
            Bundle = row.Digest(2),
            Image = row.GetString(3),
            Root = row.Digest(4),
            Options = JsonSerializer.Deserialize(row.GetString(5), StateJson.Default.ContainerOptions)!,
            State = row.TextOrNull(6) is { } state ? Enum.Parse<ContainerState>(state) : null,
            Desired = Enum.Parse<DesiredState>(row.GetString(7)),
            Created = row.Time(8),
            Started = row.TimeOrNull(9),
            Finished = row.TimeOrNull(10),
            ExitCode = (int?)row.NumberOrNull(11),
            Reason = row.TextOrNull(12) is { } reason ? Enum.Parse<EndReason>(reason) : null,
            OomKilled = row.GetBoolean(13),
            Process = Identity(row, 14, 18),
            Conmon = Identity(row, 16, 18),
            Network = row.GetString(19),
            Runtime = row.GetString(20),
            Command = JsonSerializer.Deserialize(row.GetString(21), StateJson.Default.IReadOnlyListString)!,
            Labels = JsonSerializer.Deserialize(row.GetString(22), StateJson.Default.IReadOnlyDictionaryStringString)!,
            Notes = JsonSerializer.Deserialize(row.GetString(23), StateJson.Default.IReadOnlyListString)!,
            Unverified = row.GetBoolean(24),
            Decision = row.NumberOrNull(25),
        };

    private static ProcessIdentity? Identity(SqliteDataReader row, int pid, int boot) =>
        row.IsDBNull(pid) || row.IsDBNull(boot)
            ? null
            : new ProcessIdentity(row.GetInt32(pid), (ulong)row.GetInt64(pid + 1), row.GetString(boot));
}

/// <summary>How a container ended.</summary>
/// <param name="ExitCode">Its exit code; −1 when nobody knows.</param>
/// <param name="Reason">Why.</param>
/// <param name="At">When.</param>
internal sealed record ContainerEnd(int ExitCode, EndReason Reason, DateTimeOffset At)
{
    /// <summary>Exit code of a container that was refused or could not be started: Docker's, for an error of ours.</summary>
    public const int NeverRan = 125;

    /// <summary>Exit code of a container whose end nobody saw.</summary>
    public const int Unknown = -1;
}
