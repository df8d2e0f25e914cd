using Microsoft.Data.Sqlite;
using Oci.Errors;
using Svalinn.Audit;
using Svalinn.State;
using Svalinn.Tests.Stage;

namespace Svalinn.Tests.State;

public sealed class DatabaseTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Newer_schema_is_refused()
    {
        await using (var database = GatewayDatabase.Open(_directory.Path))
            await database.WriteAsync(
                connection => Execute(connection, "PRAGMA user_version=99"),
                CancellationToken.None
            );

        var open = () => GatewayDatabase.Open(_directory.Path);

        open.Should().Throw<PublicError>().Which.Id.Should().Be(ErrorId.StateCorrupt);
    }

    [Fact]
    public void File_that_is_no_database_is_refused()
    {
        File.WriteAllText(_directory.Of("svalinn.db"), new string('x', 5000));

        var open = () => GatewayDatabase.Open(_directory.Path);

        open.Should().Throw<PublicError>().Which.Id.Should().Be(ErrorId.StateCorrupt);
    }

    [Theory]
    [InlineData("UPDATE audit SET principal = 'somebody else'")]
    [InlineData("DELETE FROM audit")]
    public async Task Audit_rows_can_not_be_changed_or_removed(string sql)
    {
        await using var database = GatewayDatabase.Open(_directory.Path);
        var row = new AuditRow
        {
            Kind = AuditKind.Intended,
            TraceId = "t",
            Principal = "p",
            Address = "a",
            Operation = "o",
        };
        await new AuditLog(database, TimeProvider.System).AppendAsync(row, decision: null, CancellationToken.None);

        var change = () => database.WriteAsync(connection => Execute(connection, sql), CancellationToken.None);

        await change.Should().ThrowAsync<SqliteException>().WithMessage("*append-only*");
    }

    [Fact]
    public async Task Write_that_fails_fails_alone()
    {
        await using var database = GatewayDatabase.Open(_directory.Path);
        await database.WriteAsync(
            c => Execute(c, "CREATE TABLE numbers (n INTEGER UNIQUE) STRICT"),
            CancellationToken.None
        );

        var writes = Enumerable
            .Range(0, 100)
            .Select(i =>
                database.WriteAsync(
                    c => Execute(c, $"INSERT INTO numbers VALUES ({(i == 50 ? 0 : i)})"),
                    CancellationToken.None
                )
            )
            .ToArray();
        var all = () => Task.WhenAll(writes);

        await all.Should().ThrowAsync<SqliteException>();
        writes.Count(write => write.IsFaulted).Should().Be(1);
        database.Read(s => s.All("SELECT n FROM numbers", row => row.GetInt64(0))).Should().HaveCount(99);
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // the test's own text
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
