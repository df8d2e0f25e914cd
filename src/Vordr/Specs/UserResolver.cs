using System.Globalization;
using Oci.Errors;

namespace Vordr.Specs;

/// <summary>A user as numbers.</summary>
/// <param name="Uid">User id.</param>
/// <param name="Gid">Primary group id.</param>
/// <param name="AdditionalGids">
/// Supplementary groups, the primary one among them: a file that shuts a group out must not be open to a process that
/// has the group only as its primary one (CVE-2022-36109).
/// </param>
/// <param name="Home">Home directory, <c>/</c> when nobody says.</param>
internal sealed record ResolvedUser(uint Uid, uint Gid, IReadOnlyList<uint> AdditionalGids, string Home);

/// <summary>
/// Reads <c>uid|name[:gid|group]</c> by the image's own <c>/etc/passwd</c> and <c>/etc/group</c>, as Docker does: a number
/// is taken as it is and completed where the files know it; a name must be in them; an explicit group takes the place of
/// all others.
/// </summary>
internal static class UserResolver
{
    // Ids are signed 32-bit numbers in enough programs that larger ones are refused.
    private const uint LargestId = int.MaxValue;

    /// <summary>Resolves <paramref name="text"/>; null or empty is root.</summary>
    public static ResolvedUser Resolve(RootfsFiles rootfs, string? text)
    {
        var (user, group) = Split(string.IsNullOrWhiteSpace(text) ? "0" : text.Trim());
        var accounts = Entries(rootfs.TryReadText("/etc/passwd"), 7);
        var uid = Number(user, "user");
        var account = accounts.FirstOrDefault(fields =>
            uid is { } number ? IsNumber(fields[2], number) : fields[0] == user
        );
        if (uid is null && account is null)
            throw new PublicError(
                ErrorId.Usage,
                $"The image has no user '{user}' in /etc/passwd.",
                "give a number: --user 1000"
            );
        var home = account is not null && account[5].StartsWith('/') ? account[5] : "/";
        var resolvedUid = uid ?? Stored(account![2], user);
        if (group is not null)
        {
            var gid = Group(rootfs, group);
            return new(resolvedUid, gid, [gid], home);
        }
        var primary = account is null ? 0 : Stored(account[3], user);
        var groups = new List<uint> { primary };
        if (account is not null)
            groups.AddRange(Memberships(rootfs, account[0]));
        return new(resolvedUid, primary, [.. groups.Distinct()], home);
    }

    private static uint Group(RootfsFiles rootfs, string group)
    {
        if (Number(group, "group") is { } number)
            return number;
        var entry = Entries(rootfs.TryReadText("/etc/group"), 3).FirstOrDefault(fields => fields[0] == group);
        return entry is null
            ? throw new PublicError(
                ErrorId.Usage,
                $"The image has no group '{group}' in /etc/group.",
                "give a number: --user 1000:1000"
            )
            : Stored(entry[2], group);
    }

    private static IEnumerable<uint> Memberships(RootfsFiles rootfs, string name) =>
        Entries(rootfs.TryReadText("/etc/group"), 4)
            .Where(fields => fields[3].Split(',').Contains(name, StringComparer.Ordinal))
            .Select(fields =>
                uint.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out var gid)
                    ? gid
                    : uint.MaxValue
            )
            .Where(gid => gid <= LargestId);

    private static (string User, string? Group) Split(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var user = colon < 0 ? text : text[..colon];
        var group = colon < 0 ? null : text[(colon + 1)..];
        return group?.Contains(':', StringComparison.Ordinal) == true
            ? throw new PublicError(ErrorId.Usage, $"'{text}' is not a user: it has more than one colon.")
            : (user.Length == 0 ? "0" : user, string.IsNullOrEmpty(group) ? null : group);
    }

    /// <summary>The number that a person gave, or null for a name; a number out of range is an error, not a name.</summary>
    private static uint? Number(string text, string what)
    {
        if (!text.All(char.IsAsciiDigit) && !(text.StartsWith('-') && text.Skip(1).All(char.IsAsciiDigit)))
            return null;
        return
            uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= LargestId
            ? number
            : throw new PublicError(ErrorId.Usage, $"The {what} id {text} is not between 0 and {LargestId}.");
    }

    private static uint Stored(string text, string name) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= LargestId
            ? number
            : throw new PublicError(ErrorId.BundleMalformed, $"The image's entry for '{name}' has no valid id.");

    private static bool IsNumber(string text, uint number) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var stored) && stored == number;

    // Lines that are no entries are passed over, as getpwent(3) does.
    private static List<string[]> Entries(string? text, int fields) =>
        text is null
            ? []
            :
            [
                .. text.Split('\n')
                    .Select(line => line.TrimEnd('\r').Split(':'))
                    .Where(parts => parts.Length >= fields && parts[0].Length > 0 && !parts[0].StartsWith('#')),
            ];
}
