using System.Diagnostics;
using Vordr.Linux;
using Vordr.Tests.Storage;

namespace Vordr.Tests.Linux;

public sealed class FileLockTests : IDisposable
{
    private readonly TestDirectory _directory = new();

    private string Path => _directory["lock"];

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Exclusive_lock_excludes_and_shared_ones_share()
    {
        using (FileLock.TryAcquire(Path, exclusive: true))
            FileLock.TryAcquire(Path, exclusive: false).Should().BeNull();
        using var one = FileLock.TryAcquire(Path, exclusive: false);
        using var two = FileLock.TryAcquire(Path, exclusive: false);

        two.Should().NotBeNull();
        FileLock.TryAcquire(Path, exclusive: true).Should().BeNull();
    }

    [Fact]
    public async Task Lock_taken_on_a_file_that_its_holder_unlinked_is_taken_on_the_new_one()
    {
        var first = FileLock.TryAcquire(Path, exclusive: true)!;
        var second = FileLock.AcquireAsync(Path, exclusive: true, default);
        first.Unlink();
        using var third = FileLock.TryAcquire(Path, exclusive: true);
        third.Should().NotBeNull("the name is free again");

        first.Dispose();

        // The waiter now has the nameless inode, sees it, and waits for the one that has the name.
        second.IsCompleted.Should().BeFalse();
        third!.Dispose();
        using var taken = await second;
        FileLock.TryAcquire(Path, exclusive: true).Should().BeNull();
    }

    [Fact]
    public async Task Cancelled_wait_ends_and_does_not_keep_the_lock()
    {
        using var cancel = new CancellationTokenSource();
        var held = FileLock.TryAcquire(Path, exclusive: true)!;
        var waiting = FileLock.AcquireAsync(Path, exclusive: true, cancel.Token);

        await cancel.CancelAsync();

        var wait = async () => (await waiting).Dispose();
        await wait.Should().ThrowAsync<OperationCanceledException>();
        held.Dispose();
        // The thread that waited gets it now, and lets go.
        using var next = await FileLock.AcquireAsync(Path, exclusive: true, default);
    }

    [Fact]
    public async Task Child_does_not_inherit_the_lock()
    {
        var held = FileLock.TryAcquire(Path, exclusive: true)!;
        using var child = Process.Start(
            new ProcessStartInfo("cat") { RedirectStandardInput = true, UseShellExecute = false }
        )!;

        held.Dispose();

        FileLock.TryAcquire(Path, exclusive: true).Should().NotBeNull();
        child.StandardInput.Close();
        await child.WaitForExitAsync();
    }
}
