using System.Diagnostics;
using Vordr.Processes;
using Vordr.Storage;

namespace Vordr.Tests.Storage;

public sealed class StagingAreaTests : IDisposable
{
    private readonly TestDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Sweep_leaves_what_running_processes_and_strangers_have_there()
    {
        var staging = new StagingArea(_directory.Path);
        var ours = staging.NewPath("blob");
        File.WriteAllText(ours, "growing");
        File.WriteAllText(_directory["tmp/stranger"], "?");

        staging.Sweep().Should().Be(0);

        File.Exists(ours).Should().BeTrue();
        File.Exists(_directory["tmp/stranger"]).Should().BeTrue();
    }

    [Fact]
    public void Sweep_removes_what_dead_processes_reused_pids_and_earlier_boots_left()
    {
        var staging = new StagingArea(_directory.Path);
        var (pid, started, boot) = ProcessIdentity.Current;
        using var ended = Process.Start("true");
        ended.WaitForExit();
        foreach (
            var owner in new[]
            {
                $"{ended.Id}.1.{boot}",
                $"{pid}.{started + 1}.{boot}",
                $"{pid}.{started}.another-boot",
            }
        )
        {
            Directory.CreateDirectory(_directory[$"tmp/layer-00.{owner}"]);
            File.WriteAllText(_directory[$"tmp/layer-00.{owner}/file"], "left");
        }

        staging.Sweep().Should().Be(3);

        Directory.EnumerateFileSystemEntries(_directory["tmp"]).Should().BeEmpty();
    }
}
