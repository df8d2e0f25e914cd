using Vordr.Linux;

namespace Vordr.Locks;

/// <summary>
/// An instance's locks, files in <c>&lt;run root&gt;/locks/</c>. Order of taking: call or load → store → network →
/// layer → container (architecture.md, "Locks"). None is held across a wait for something that isn't a lock.
/// </summary>
internal sealed class LockDirectory(string path)
{
    /// <summary>Takes the lock of this name, waiting for its holder.</summary>
    public Task<FileLock> TakeAsync(string name, CancellationToken cancellation) =>
        FileLock.AcquireAsync(Path.Join(path, name), exclusive: true, cancellation);

    /// <summary>As <see cref="TakeAsync"/>, beside others who share it.</summary>
    public Task<FileLock> ShareAsync(string name, CancellationToken cancellation) =>
        FileLock.AcquireAsync(Path.Join(path, name), exclusive: false, cancellation);

    /// <summary>Names of the locks that have a file and begin so.</summary>
    public IEnumerable<string> Names(string prefix) =>
        Directory.EnumerateFiles(path, prefix + "*").Select(file => Path.GetFileName(file));

    /// <summary>Takes the lock if that needs no waiting, else null.</summary>
    public FileLock? TryTake(string name) => FileLock.TryAcquire(Path.Join(path, name), exclusive: true);
}
