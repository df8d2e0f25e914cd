using System.Text;

namespace Vordr.Linux;

/// <summary>
/// A path or a file name as the kernel has it: bytes without NUL, in no particular encoding. Names from layers stay
/// bytes from the tar to the system call, because decoding them as UTF-8 and back would change some.
/// </summary>
internal readonly struct UnixPath
{
    private readonly byte[]? _terminated;

    /// <summary>The path that consists of these bytes.</summary>
    /// <exception cref="ArgumentException">There is a NUL among them.</exception>
    public UnixPath(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Contains((byte)0))
            throw new ArgumentException("A path holds no NUL.", nameof(bytes));
        _terminated = new byte[bytes.Length + 1];
        bytes.CopyTo(_terminated);
    }

    /// <summary>The path that consists of this text's UTF-8 bytes.</summary>
    public UnixPath(string text)
        : this(Encoding.UTF8.GetBytes(text)) { }

    /// <summary>The bytes, without the final NUL.</summary>
    public ReadOnlySpan<byte> Bytes => _terminated is null ? default : _terminated.AsSpan(0, _terminated.Length - 1);

    /// <summary>The bytes with the final NUL, for system calls.</summary>
    public ReadOnlySpan<byte> Terminated => _terminated ?? "\0"u8;

    /// <summary>Paths are most often text of ours.</summary>
    public static implicit operator UnixPath(string text) => new(text);

    /// <summary>For messages: printable ASCII as it is, every other byte as <c>\ooo</c>, so that nothing reaches a terminal raw.</summary>
    public override string ToString() => Show(Bytes);

    /// <summary>As <see cref="ToString"/>, shortened to a length that fits into a message.</summary>
    public static string Show(ReadOnlySpan<byte> bytes, int limit = 200)
    {
        var text = new StringBuilder();
        foreach (var value in bytes)
        {
            if (text.Length >= limit)
                return text.Append('…').ToString();
            if (value is > 0x1f and < 0x7f and not (byte)'\\')
                text.Append((char)value);
            else
                text.Append('\\').Append(Convert.ToString(value, 8).PadLeft(3, '0'));
        }
        return text.ToString();
    }
}
