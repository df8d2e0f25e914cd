using Microsoft.Data.Sqlite;
using Oci.Errors;
using SQLitePCL;

namespace Vordr.State;

/// <summary>
/// The state that must be queried: one SQLite file, one connection an engine, one transaction at a time in it. Work
/// inside a transaction is short: it never spans input or output, a child process or a wait.
/// </summary>
internal sealed class Database : IDisposable
{
    // sqlite3.h; the wrapper has no name for it.
    private const int NoCheckpointOnClose = 1006;

    private readonly SqliteConnection _connection;
    private readonly Session _session;
    private readonly Lock _gate = new();

    private Database(SqliteConnection connection)
    {
        _connection = connection;
        _session = new Session(connection);
    }

    /// <summary>Opens the file, making or migrating it first.</summary>
    /// <exception cref="PublicError">It is damaged, a newer version wrote it, or it can't be opened.</exception>
    public static Database Open(string path)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder
            {
                DataSource = path,
                Pooling = false,
                ForeignKeys = true,
                DefaultTimeout = 30,
            }.ConnectionString
        );
        try
        {
            connection.Open();
            // Without it the driver itself sleeps 150 ms between tries.
            Pragma(connection, "PRAGMA busy_timeout = 30000; PRAGMA synchronous = NORMAL");
            // A checkpoint costs a sync, and every command would pay it; the one at 1,000 pages is enough.
            _ = raw.sqlite3_db_config(connection.Handle, NoCheckpointOnClose, 1, out _);
            Migrations.Apply(connection, path);
            return new Database(connection);
        }
        catch (SqliteException error)
        {
            connection.Dispose();
            throw Told(error, path);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Reads one consistent state.</summary>
    public T Read<T>(Func<Session, T> read) => Transact("BEGIN", read);

    /// <summary>Changes the state, all or nothing, alone among all processes.</summary>
    public T Write<T>(Func<Session, T> write) => Transact("BEGIN IMMEDIATE", write);

    /// <summary>As <see cref="Write{T}"/>, without an answer.</summary>
    public void Write(Action<Session> write) =>
        Write(session =>
        {
            write(session);
            return true;
        });

    public void Dispose()
    {
        _session.Dispose();
        _connection.Dispose();
    }

    internal static void Pragma(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Literals of this assembly.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private T Transact<T>(string begin, Func<Session, T> work)
    {
        lock (_gate)
        {
            try
            {
                _session.Execute(begin);
                try
                {
                    var answer = work(_session);
                    _session.Execute("COMMIT");
                    return answer;
                }
                catch
                {
                    // SQLite rolls back by itself on some failures (full disk); a second ROLLBACK would hide the first.
                    if (raw.sqlite3_get_autocommit(_connection.Handle) == 0)
                        _session.Execute("ROLLBACK");
                    throw;
                }
            }
            catch (SqliteException error)
            {
                throw Told(error, _connection.DataSource);
            }
        }
    }

    private static PublicError Told(SqliteException error, string path) =>
        error.SqliteErrorCode switch
        {
            raw.SQLITE_FULL => new PublicError(ErrorId.NoSpace, $"No space is left to write {path}.", error),
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED => new PublicError(
                ErrorId.StateLocked,
                $"{path} was locked by another process for 30 s.",
                error
            ),
            raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => new PublicError(
                ErrorId.StateCorrupt,
                $"{path} is damaged.",
                error
            ),
            raw.SQLITE_CANTOPEN or raw.SQLITE_PERM or raw.SQLITE_READONLY or raw.SQLITE_AUTH => new PublicError(
                ErrorId.State,
                $"{path} can't be opened for writing: is this root, and is the file system writable?",
                error
            ),
            _ => new PublicError(ErrorId.State, $"{path} could not be read or written.", error),
        };
}
