using Vordr.Linux;

namespace Vordr.Tests.Linux;

public sealed class MountTableTests
{
    [Fact]
    public void Lines_are_read_with_optional_fields_and_escaped_blanks()
    {
        string[] lines =
        [
            @"36 35 98:0 /mnt1 /mnt\040two\134x rw,noatime master:1 propagate_from:2 - ext3 /dev/root rw,errors=continue",
            "37 35 0:50 / /var/lib/x rw - overlay overlay ro,lowerdir=l/a:l/b",
            "not a line",
        ];

        MountTable
            .Parse(lines)
            .Should()
            .Equal(
                new MountEntry(36, 35, @"/mnt two\x", "ext3", "/dev/root", "rw,errors=continue"),
                new MountEntry(37, 35, "/var/lib/x", "overlay", "overlay", "ro,lowerdir=l/a:l/b")
            );
    }

    [Fact]
    public void Table_of_this_process_has_its_root() =>
        MountTable.Read().Should().Contain(mount => mount.Target == "/");
}
