using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Oci.Errors;

namespace Svalinn.State;

/// <summary>
/// The gateway's SQLite file: one writer that commits what is queued together in one durable transaction, and a pool
/// of readers that keep their statements prepared. A write has reached the disk when its task completes
/// (<c>synchronous=FULL</c>): audit rows depend on it.
/// </summary>
internal sealed class GatewayDatabase : IAsyncDisposable
{
    private const int LargestBatch = 256;

    private readonly string _connectionString;
    private readonly SqliteConnection _writer;
    private readonly ConcurrentBag<ReadSession> _readers = [];
    private readonly Channel<Write> _queue = Channel.CreateBounded<Write>(1024);
    private readonly Task _writing;

    private GatewayDatabase(string connectionString, SqliteConnection writer)
    {
        _connectionString = connectionString;
        _writer = writer;
        _writing = Task.Run(WriteQueuedAsync);
    }

    /// <summary>Opens or makes <c>svalinn.db</c> in <paramref name="directory"/> and brings its schema up to date.</summary>
    /// <exception cref="PublicError">The file is damaged, or was written by a newer version.</exception>
    public static GatewayDatabase Open(string directory)
    {
        var connectionString = new SqliteConnectionStringBuilder
        {
            DataSource = Path.Combine(directory, "svalinn.db"),
            Pooling = false,
        }.ToString();
        SqliteConnection? writer = null;
        try
        {
            writer = Connect(connectionString);
            Execute(writer, "PRAGMA journal_mode=WAL");
            Execute(writer, "PRAGMA synchronous=FULL");
            Migrations.Apply(writer);
            return new GatewayDatabase(connectionString, writer);
        }
        catch (SqliteException exception)
        {
            writer?.Dispose();
            throw new PublicError(
                exception.SqliteErrorCode is SqliteNotADatabase or SqliteCorrupt ? ErrorId.StateCorrupt : ErrorId.State,
                $"The gateway's database in {directory} can't be opened: {exception.Message}.",
                exception
            );
        }
        catch
        {
            writer?.Dispose();
            throw;
        }
    }

    /// <summary>Runs <paramref name="work"/> in a transaction and returns once it is on disk.</summary>
    public async Task WriteAsync(Action<SqliteConnection> work, CancellationToken cancellationToken)
    {
        var write = new Write(work, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        await _queue.Writer.WriteAsync(write, cancellationToken);
        // Once queued it happens: a caller that stopped waiting would not know whether it had.
        await write.Done.Task;
    }

    /// <summary>Runs <paramref name="query"/> on a reader of its own.</summary>
    public T Read<T>(Func<ReadSession, T> query)
    {
        if (!_readers.TryTake(out var session))
            session = new ReadSession(Connect(_connectionString));
        var result = query(session);
        // Only a session whose query ended well goes back; a broken one is left to the finalizer of its connection.
        _readers.Add(session);
        return result;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _writing;
        while (_readers.TryTake(out var session))
            session.Dispose();
        await _writer.DisposeAsync();
    }

    private const int SqliteCorrupt = 11;
    private const int SqliteNotADatabase = 26;

    private static SqliteConnection Connect(string connectionString)
    {
        var connection = new SqliteConnection(connectionString);
        try
        {
            connection.Open();
            // Without it the driver itself sleeps between attempts.
            Execute(connection, "PRAGMA busy_timeout=5000");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private async Task WriteQueuedAsync()
    {
        var batch = new List<Write>(LargestBatch);
        while (await _queue.Reader.WaitToReadAsync())
        {
            batch.Clear();
            while (batch.Count < LargestBatch && _queue.Reader.TryRead(out var write))
                batch.Add(write);
            Commit(batch);
        }
    }

    /// <summary>Group commit: each write in a savepoint of its own, so that one that fails fails alone.</summary>
    private void Commit(List<Write> batch)
    {
        var failures = new Exception?[batch.Count];
        try
        {
            Execute(_writer, "BEGIN IMMEDIATE");
            for (var i = 0; i < batch.Count; i++)
            {
                Execute(_writer, "SAVEPOINT one");
                try
                {
                    batch[i].Work(_writer);
                }
                catch (Exception exception)
                {
                    failures[i] = exception;
                    Execute(_writer, "ROLLBACK TO one");
                }
                Execute(_writer, "RELEASE one");
            }
            Execute(_writer, "COMMIT");
        }
        catch (Exception exception)
        {
            Array.Fill(failures, exception);
            RollBack();
        }
        for (var i = 0; i < batch.Count; i++)
        {
            if (failures[i] is { } failure)
                batch[i].Done.TrySetException(failure);
            else
                batch[i].Done.TrySetResult();
        }
    }

    private void RollBack()
    {
        try
        {
            Execute(_writer, "ROLLBACK");
        }
        catch (SqliteException)
        {
            // The failure that brought us here has already ended the transaction.
        }
    }

    private sealed record Write(Action<SqliteConnection> Work, TaskCompletionSource Done);
}
