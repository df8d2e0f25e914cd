using Microsoft.Data.Sqlite;
using Oci.Errors;
using Vordr.State;

namespace Vordr.Tests.State;

public sealed class DatabaseTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("vordr-db").FullName;

    private string File => Path.Join(_directory, "vordr.db");

    [Fact]
    public void Open_newer_schema_is_refused_naming_both_versions()
    {
        Database.Open(File).Dispose();
        Raw($"PRAGMA user_version = {Migrations.Latest + 1}");

        var open = () => Database.Open(File);

        var error = open.Should().Throw<PublicError>().Which;
        error.Id.Should().Be(ErrorId.StateCorrupt);
        error.Message.Should().Contain($"schema {Migrations.Latest + 1}").And.Contain($"up to {Migrations.Latest}");
    }

    [Fact]
    public void Open_file_that_is_no_database_is_told_as_damaged()
    {
        System.IO.File.WriteAllText(File, new string('x', 8192));

        var open = () => Database.Open(File);

        open.Should().Throw<PublicError>().Which.Id.Should().Be(ErrorId.StateCorrupt);
    }

    [Fact]
    public void Write_that_throws_changes_nothing_and_the_next_one_works()
    {
        using var database = Database.Open(File);

        var write = () =>
            database.Write(session =>
            {
                Network(session, "one");
                throw new InvalidOperationException("cut off");
            });

        write.Should().Throw<InvalidOperationException>();
        Count(database).Should().Be(0);
        database.Write(session => Network(session, "two"));
        Count(database).Should().Be(1);
    }

    [Fact]
    public async Task Write_from_twenty_connections_at_once_loses_nothing()
    {
        Database.Open(File).Dispose();

        await Parallel.ForAsync(
            0,
            20,
            (index, _) =>
            {
                using var database = Database.Open(File);
                for (var i = 0; i < 20; i++)
                    database.Write(session => Network(session, $"{index}-{i}"));
                return ValueTask.CompletedTask;
            }
        );

        using var after = Database.Open(File);
        Count(after).Should().Be(400);
    }

    [Fact]
    public async Task Open_twenty_at_once_migrates_once()
    {
        await Parallel.ForAsync(
            0,
            20,
            (_, _) =>
            {
                Database.Open(File).Dispose();
                return ValueTask.CompletedTask;
            }
        );

        using var database = Database.Open(File);
        Count(database).Should().Be(0);
    }

    [Fact]
    public void Close_leaves_the_log_uncheckpointed_and_what_was_written_is_there()
    {
        using (var database = Database.Open(File))
            database.Write(session => Network(session, "one"));

        new FileInfo(File + "-wal").Length.Should().BePositive();
        using var again = Database.Open(File);
        Count(again).Should().Be(1);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static void Network(Session session, string name) =>
        session.Execute(
            "INSERT INTO networks (name, subnet, gateway, bridge, created) VALUES ($1, $1, $1, $1, 0)",
            name
        );

    private static long Count(Database database) =>
        database.Read(session => session.Count("SELECT count(*) FROM networks"));

    private void Raw(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={File};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
