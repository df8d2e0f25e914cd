using System.CommandLine;
using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Oci.Errors;

namespace CerroTorre.Cli.Hosting;

/// <summary>
/// Where a password comes from: a file, an inherited descriptor, or the person. Never an argument or the environment,
/// which other users and child processes may read.
/// </summary>
internal sealed class PasswordOptions
{
    private const int MaxLength = 1024;

    private readonly Option<string?> _file = new("--password-file")
    {
        Description = "Read the key's password from the first line of FILE",
        HelpName = "FILE",
    };

    private readonly Option<int?> _descriptor = new("--password-fd")
    {
        Description = "Read the key's password from the open file descriptor N",
        HelpName = "N",
    };

    /// <summary>Adds the options to a verb.</summary>
    public void AddTo(Command command)
    {
        command.Add(_file);
        command.Add(_descriptor);
    }

    /// <summary>The password that a file or descriptor gives; null when neither was named.</summary>
    public string? Given(ParseResult parsed)
    {
        if (parsed.GetValue(_file) is { } path)
        {
            if (parsed.GetValue(_descriptor) is not null)
                throw new PublicError(ErrorId.Usage, "--password-file and --password-fd exclude each other");
            using var file = File.OpenRead(path);
            return FirstLine(file, path);
        }
        if (parsed.GetValue(_descriptor) is not { } descriptor)
            return null;
        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        using var stream = new FileStream(handle, FileAccess.Read, bufferSize: 0);
        return FirstLine(stream, string.Create(CultureInfo.InvariantCulture, $"file descriptor {descriptor}"));
    }

    /// <summary>The password of an existing key: given, or asked for.</summary>
    public string ForExisting(ParseResult parsed, CtHost host, string key) =>
        Given(parsed) ?? Ask(host, $"Password of key '{key}': ", $"key '{key}' is encrypted");

    /// <summary>The password of a new key: given, or asked for twice.</summary>
    public string ForNew(ParseResult parsed, CtHost host)
    {
        if (Given(parsed) is { } given)
            return given.Length > 0
                ? given
                : throw new PublicError(ErrorId.Usage, "the password is empty", "--no-password");
        var password = Ask(host, "Password for the new key: ", "a new key needs a password");
        if (password.Length == 0)
            throw new PublicError(ErrorId.Usage, "the password is empty", "--no-password");
        return host.AskPassword("Once more: ") == password
            ? password
            : throw new PublicError(ErrorId.Usage, "the two passwords differ");
    }

    private static string Ask(CtHost host, string question, string reason)
    {
        if (host.IsInteractive && host.AskPassword(question) is { } password)
            return password;
        throw new PublicError(
            ErrorId.Usage,
            $"{reason}, and there is no terminal to ask at",
            "--password-file FILE",
            "--password-fd N"
        );
    }

    private static string FirstLine(Stream stream, string what)
    {
        var buffer = new byte[MaxLength];
        var read = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        var end = buffer.AsSpan(0, read).IndexOfAny((byte)'\n', (byte)'\r');
        if (end < 0 && read == MaxLength)
            throw new PublicError(ErrorId.Usage, $"the first line of {what} is too long for a password");
        return Encoding.UTF8.GetString(buffer, 0, end < 0 ? read : end);
    }
}
