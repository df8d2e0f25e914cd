using System.Diagnostics;
using System.Text;
using CerroTorre.Sboms;

namespace CerroTorre.Tests.Sboms;

/// <summary>Debian's package database, by the words of <c>dpkg-query -W</c>.</summary>
public sealed class DpkgDatabaseTests
{
    [Fact]
    public async Task Packages_of_this_machine_are_what_dpkg_query_lists_line_for_line()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/dpkg-query") && File.Exists("/var/lib/dpkg/status"), "no dpkg here");
        var status = await File.ReadAllBytesAsync("/var/lib/dpkg/status");
        var start = new ProcessStartInfo("/usr/bin/dpkg-query")
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        start.ArgumentList.Add("-W");
        start.ArgumentList.Add("-f");
        start.ArgumentList.Add("${binary:Package}\\t${Version}\\t${db:Status-Status}\\n");
        using var query = Process.Start(start)!;
        var expected = (await query.StandardOutput.ReadToEndAsync())
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !line.EndsWith("\tconfig-files", StringComparison.Ordinal))
            .Select(line => line[..line.LastIndexOf('\t')]);
        await query.WaitForExitAsync();
        var after = await File.ReadAllBytesAsync("/var/lib/dpkg/status");
        Assert.SkipUnless(status.SequenceEqual(after), "dpkg is at work");

        var packages = DpkgDatabase.Read(new Dictionary<string, byte[]> { [DpkgDatabase.StatusPath] = status });

        packages.Select(package => $"{package.QueryName}\t{package.Version}").Should().Equal(expected);
    }

    [Fact]
    public void Removed_packages_and_those_never_installed_are_left_out() =>
        Names(
                """
                Package: kept
                Status: install ok installed
                Version: 1
                Architecture: all

                Package: gone
                Status: deinstall ok config-files
                Version: 1

                Package: never
                Status: unknown ok not-installed
                Version: 1

                Package: half
                Status: install ok half-configured
                Version: 2
                """
            )
            .Should()
            .Equal("half", "kept");

    [Fact]
    public void Architecture_is_said_where_another_could_be_installed_beside() =>
        Names(
                """
                Package: dpkg
                Status: install ok installed
                Version: 1
                Architecture: amd64
                Multi-Arch: foreign

                Package: libc6
                Status: install ok installed
                Version: 1
                Architecture: i386
                Multi-Arch: same

                Package: libc6
                Status: install ok installed
                Version: 1
                Architecture: amd64
                Multi-Arch: same

                Package: wine32
                Status: install ok installed
                Version: 1
                Architecture: i386

                Package: tzdata
                Status: install ok installed
                Version: 1
                Architecture: all
                """
            )
            .Should()
            .Equal("dpkg", "libc6:amd64", "libc6:i386", "tzdata", "wine32:i386");

    [Fact]
    public void Records_of_distroless_images_have_no_status_and_count()
    {
        var packages = DpkgDatabase.Read(
            new Dictionary<string, byte[]>
            {
                ["var/lib/dpkg/status.d/base"] = "Package: base-files\nVersion: 12\nArchitecture: amd64\n"u8.ToArray(),
                ["var/lib/dpkg/status.d/base.md5sums"] = "0123  /etc/passwd\n"u8.ToArray(),
            }
        );
        packages.Should().ContainSingle().Which.QueryName.Should().Be("base-files");
    }

    private static IEnumerable<string> Names(string status) =>
        DpkgDatabase
            .Read(new Dictionary<string, byte[]> { [DpkgDatabase.StatusPath] = Encoding.UTF8.GetBytes(status) })
            .Select(package => package.QueryName);
}
