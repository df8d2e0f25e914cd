using Oci.Errors;
using Vordr.Runtimes;

namespace Vordr.Tests.Runtimes;

public sealed class RuntimeFailureTests
{
    [Theory]
    // runc 1.1
    [InlineData("exec: \"nope\": executable file not found in $PATH", 127)]
    [InlineData("unable to start container process: exec: \"/nope\": stat /nope: no such file or directory", 127)]
    [InlineData("unable to start container process: exec: \"/etc/passwd\": permission denied", 126)]
    [InlineData("exec: \"/etc\": is a directory", 126)]
    [InlineData("exec /bin/bad: exec format error", 126)]
    // crun 1.8
    [InlineData("executable file `nope` not found in $PATH: No such file or directory", 127)]
    [InlineData("open executable: Permission denied", 126)]
    [InlineData("open executable: Operation not permitted", 126)]
    [InlineData("exec: Exec format error", 126)]
    // Nothing about the container's program.
    [InlineData("cannot stat rootfs: No such file or directory", null)]
    [InlineData("mount `proc` to `/proc`: Permission denied", null)]
    [InlineData("", null)]
    public void Words_tell_the_exit_code(string words, int? code)
    {
        var error = RuntimeFailure.Of("start", words);

        error.ExitCode.Should().Be(code);
        error.Id.Should().Be(code is null ? ErrorId.Runtime : ErrorId.RuntimeExec);
    }

    [Fact]
    public void Log_in_lines_of_JSON_is_told_by_its_messages() =>
        RuntimeFailure
            .Messages("{\"level\":\"error\",\"msg\":\"first\"}\nplain\n{\"msg\":\"first\"}\n{\"msg\":\"cut o")
            .Should()
            .Be("first; plain; {\"msg\":\"cut o");

    [Fact]
    public void Words_of_a_container_reach_a_terminal_harmless_and_short()
    {
        var error = RuntimeFailure.Of("start", "\u001b[2Jexec\r\n" + new string('x', 5000));

        error.Message.Should().NotContainAny("\u001b", "\r", "\n");
        error.Message.Length.Should().BeLessThan(1200);
    }
}
