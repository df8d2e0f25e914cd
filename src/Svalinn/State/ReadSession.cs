using Microsoft.Data.Sqlite;

namespace Svalinn.State;

/// <summary>A reading connection and the statements that it keeps prepared. One user at a time.</summary>
internal sealed class ReadSession(SqliteConnection connection) : IDisposable
{
    private readonly Dictionary<string, SqliteCommand> _prepared = new(StringComparer.Ordinal);

    /// <summary>
    /// The first row of <paramref name="sql"/>, whose one parameter is <c>$key</c>, or null when there is none.
    /// </summary>
    public T? Single<T>(string sql, string key, Func<SqliteDataReader, T> row)
        where T : class
    {
        if (!_prepared.TryGetValue(sql, out var command))
        {
            command = connection.CreateCommand();
            command.CommandText = sql;
            command.Parameters.Add("$key", SqliteType.Text);
            command.Prepare();
            _prepared.Add(sql, command);
        }
        command.Parameters[0].Value = key;
        using var reader = command.ExecuteReader();
        return reader.Read() ? row(reader) : null;
    }

    /// <summary>Every row of <paramref name="sql"/>.</summary>
    public IReadOnlyList<T> All<T>(string sql, Func<SqliteDataReader, T> row)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
            rows.Add(row(reader));
        return rows;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var command in _prepared.Values)
            command.Dispose();
        connection.Dispose();
    }
}
