using Vordr.Linux;

namespace Vordr.Storage;

/// <summary>
/// One overlayfs mount (kernel docs, overlayfs). Names are relative to the state directory: the classic call takes
/// all of them in one page, the new one 255 characters for each.
/// </summary>
/// <param name="Lower">Lower directories, uppermost first.</param>
/// <param name="Upper">Upper directory, or null for a mount that nobody can write to.</param>
/// <param name="Work">Work directory, on the file system of the upper one.</param>
internal sealed record Overlay(IReadOnlyList<string> Lower, string? Upper, string? Work)
{
    private const int Page = 4096;

    /// <summary>
    /// Whatever the kernel was built to do by itself: no redirects are followed and no metadata-only copies are made,
    /// so a layer means the same on every host, and upper directories stay plain trees.
    /// </summary>
    private static readonly (string Key, string Value)[] Fixed =
    [
        ("redirect_dir", "nofollow"),
        ("metacopy", "off"),
        ("index", "off"),
    ];

    /// <summary>Mounts at an absolute path; the calling thread's working directory is the state directory.</summary>
    public void MountAt(string target)
    {
        if (!TryMount(target))
            MountClassic(target);
    }

    // `lowerdir+` is Linux 6.5; an older kernel says EINVAL, and gets all layers in one string the classic way.
    private bool TryMount(string target)
    {
        using var context = Mount.Open("overlay");
        foreach (var lower in Lower)
        {
            var errno = Mount.TryConfigure(context, "lowerdir+", lower);
            if (errno == Errno.EINVAL)
                return false;
            Require(errno, lower);
        }
        foreach (var (key, value) in Options())
            Require(Mount.TryConfigure(context, key, value), key);
        Require(Mount.TryConfigure(context, "source", "overlay"), "source");
        using var mount = Mount.Create(
            context,
            Upper is null ? MountAttributes.ReadOnly | MountAttributes.NoDevices : MountAttributes.NoDevices
        );
        Mount.Attach(mount, target);
        return true;
    }

    /// <summary>As <see cref="MountAt"/>, for kernels before 6.5: one call, all names in one page.</summary>
    public void MountClassic(string target)
    {
        var options = Options().Prepend(("lowerdir", string.Join(':', Lower)));
        var data = string.Join(',', options.Select(option => $"{option.Item1}={option.Item2}"));
        if (data.Length >= Page)
            throw new InvalidOperationException("The layers' names don't fit into one page of mount data.");
        Mount.Classic(
            "overlay",
            target,
            "overlay",
            Upper is null ? MountFlags.ReadOnly | MountFlags.NoDevices : MountFlags.NoDevices,
            data
        );
    }

    private IEnumerable<(string Key, string Value)> Options()
    {
        if (Upper is null)
            return Fixed;
        return Fixed.Concat([("upperdir", Upper), ("workdir", Work!)]);
    }

    private static void Require(int errno, string what)
    {
        if (errno != 0)
            LinuxError.Throw("fsconfig", what, errno);
    }
}
