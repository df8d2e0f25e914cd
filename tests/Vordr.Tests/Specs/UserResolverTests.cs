using Oci.Errors;
using Vordr.Linux;
using Vordr.Specs;

namespace Vordr.Tests.Specs;

public sealed class UserResolverTests : IDisposable
{
    private readonly string root = Path.Combine(Path.GetTempPath(), $"vordr-users-{Guid.NewGuid():N}");

    public UserResolverTests()
    {
        Directory.CreateDirectory(Path.Combine(root, "image/etc"));
        Write(
            "passwd",
            "# comment\nroot:x:0:0:root:/root:/bin/sh\nbroken\napp:x:1000:1001::/home/app:/bin/sh\nhuge:x:4294967295:0::/:/bin/sh\n42:x:7:7::/:/bin/sh\nnohome:x:8:8::relative:/bin/sh\n"
        );
        Write("group", "root:x:0:\nlogs:x:1002:other,app\nbad:x:notanumber:app\nweb:x:1003:app\n");
    }

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Theory]
    [InlineData("../../../host-passwd")]
    [InlineData("/host-passwd")]
    [InlineData("/proc/self/root/host-passwd")]
    public void Link_out_of_the_image_leads_nowhere(string target)
    {
        File.WriteAllText(Path.Combine(root, "host-passwd"), "evil:x:0:0::/:/bin/sh\n");
        var passwd = Path.Combine(root, "image/etc/passwd");
        File.Delete(passwd);
        File.CreateSymbolicLink(passwd, target == "/host-passwd" ? Path.Combine(root, "host-passwd") : target);

        var resolve = () => Resolve("evil");

        resolve.Should().Throw<PublicError>().Which.Id.Should().Be(ErrorId.Usage);
    }

    [Fact]
    public void Link_within_the_image_is_followed()
    {
        File.Move(Path.Combine(root, "image/etc/passwd"), Path.Combine(root, "image/accounts"));
        File.CreateSymbolicLink(Path.Combine(root, "image/etc/passwd"), "/accounts");

        Resolve("app").Uid.Should().Be(1000);
    }

    [Fact]
    public void Pipe_in_place_of_the_file_does_not_hang()
    {
        var passwd = Path.Combine(root, "image/etc/passwd");
        File.Delete(passwd);
        using var etc = FileSystem.OpenDirectory(Path.Combine(root, "image/etc"));
        FileSystem.TryMakeNode(etc, "passwd", FileKind.Fifo, 0, 0).Should().Be(0);

        Resolve("1000").Should().BeEquivalentTo(new ResolvedUser(1000, 0, [0], "/"));
    }

    [Theory]
    [InlineData("nobody-here")]
    [InlineData("app:nogroup")]
    [InlineData("-1")]
    [InlineData("4294967295")]
    [InlineData("2147483648")]
    [InlineData("99999999999999999999")]
    [InlineData("1:-1")]
    [InlineData("1:2:3")]
    [InlineData("huge")]
    public void User_that_cannot_be_is_refused(string text)
    {
        var resolve = () => Resolve(text);

        resolve.Should().Throw<PublicError>();
    }

    [Theory]
    [InlineData(null, 0u, 0u, new uint[] { 0 }, "/root")]
    [InlineData("", 0u, 0u, new uint[] { 0 }, "/root")]
    [InlineData("app", 1000u, 1001u, new uint[] { 1001, 1002, 1003 }, "/home/app")]
    [InlineData("1000", 1000u, 1001u, new uint[] { 1001, 1002, 1003 }, "/home/app")]
    [InlineData("app:logs", 1000u, 1002u, new uint[] { 1002 }, "/home/app")]
    [InlineData("app:55", 1000u, 55u, new uint[] { 55 }, "/home/app")]
    [InlineData("77", 77u, 0u, new uint[] { 0 }, "/")]
    [InlineData("42", 42u, 0u, new uint[] { 0 }, "/")]
    [InlineData(":logs", 0u, 1002u, new uint[] { 1002 }, "/root")]
    [InlineData("nohome", 8u, 8u, new uint[] { 8 }, "/")]
    public void User_is_read_as_Docker_does(string? text, uint uid, uint gid, uint[] groups, string home) =>
        Resolve(text).Should().BeEquivalentTo(new ResolvedUser(uid, gid, groups, home));

    [Fact]
    public void Image_without_files_knows_numbers_only()
    {
        Directory.Delete(Path.Combine(root, "image/etc"), recursive: true);

        Resolve("5:6").Should().BeEquivalentTo(new ResolvedUser(5, 6, [6], "/"));
        var resolve = () => Resolve("app");
        resolve.Should().Throw<PublicError>();
    }

    private ResolvedUser Resolve(string? text)
    {
        using var rootfs = new RootfsFiles(Path.Combine(root, "image"));
        return UserResolver.Resolve(rootfs, text);
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(root, "image/etc", name), text);
}
