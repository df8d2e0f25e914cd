using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Oci.Errors;
using Vordr.Linux;

namespace Vordr.Storage.Tar;

/// <summary>
/// A pax extended header (POSIX.1-2001, pax, "Extended Header"): <c>length keyword=value\n</c> records. Values are
/// bytes: those of extended attributes are binary. What we don't know is ignored as the standard says; what would
/// have to be understood (sparse maps) or could be read in two ways (twice, empty) is refused.
/// </summary>
internal sealed class PaxRecords
{
    private const string XattrPrefix = "SCHILY.xattr.";
    private readonly Dictionary<string, byte[]> _records = new(StringComparer.Ordinal);

    /// <summary>Extended attributes, name → value.</summary>
    public IReadOnlyDictionary<string, byte[]> Xattrs =>
        _records
            .Where(record => record.Key.StartsWith(XattrPrefix, StringComparison.Ordinal))
            .ToDictionary(record => record.Key[XattrPrefix.Length..], record => record.Value, StringComparer.Ordinal);

    /// <summary>Keywords in the header.</summary>
    public IReadOnlyCollection<string> Keywords => _records.Keys;

    /// <summary>Reads the content of an extended header.</summary>
    public static PaxRecords Parse(ReadOnlySpan<byte> content)
    {
        var records = new PaxRecords();
        while (!content.IsEmpty)
        {
            var record = Next(ref content);
            var equals = record.IndexOf((byte)'=');
            if (equals <= 0 || record[..equals].ContainsAnyExceptInRange((byte)0x20, (byte)0x7e))
                throw Malformed("a record has no keyword");
            var keyword = Encoding.ASCII.GetString(record[..equals]);
            if (IsSparse(keyword))
                throw LayerRefused.Because(LayerRefusal.Sparse, $"an extended header has the keyword {keyword}");
            if (!records._records.TryAdd(keyword, record[(equals + 1)..].ToArray()))
                throw Malformed($"the keyword {UnixPath.Show(record[..equals])} is there twice");
        }
        return records;
    }

    /// <summary>A path or link target, or null when the header has none.</summary>
    public byte[]? Path(string keyword)
    {
        if (!_records.TryGetValue(keyword, out var value))
            return null;
        if (value.Length == 0)
            throw Malformed($"the {keyword} is empty");
        return value.AsSpan().Contains((byte)0)
            ? throw LayerRefused.Because(LayerRefusal.PathNul, $"the {keyword} of an extended header holds a NUL")
            : value;
    }

    /// <summary>A number of digits only, or null when the header has none.</summary>
    public long? Number(string keyword)
    {
        if (!_records.TryGetValue(keyword, out var value))
            return null;
        return long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Malformed($"the {keyword} is not a number that fits");
    }

    /// <summary>A time with a fraction, or null when the header has none; digits beyond nanoseconds are dropped.</summary>
    public UnixTime? Time(string keyword)
    {
        if (!_records.TryGetValue(keyword, out var bytes))
            return null;
        var value = bytes.AsSpan();
        var negative = value.StartsWith("-"u8);
        value = negative ? value[1..] : value;
        var point = value.IndexOf((byte)'.');
        var whole = point < 0 ? value : value[..point];
        var fraction = point < 0 ? default : value[(point + 1)..];
        if (
            !long.TryParse(whole, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || fraction.ContainsAnyExceptInRange((byte)'0', (byte)'9')
        )
            throw Malformed($"the {keyword} is not a time that fits");
        var nanoseconds = 0L;
        for (var i = 0; i < 9; i++)
            nanoseconds = nanoseconds * 10 + (i < fraction.Length ? fraction[i] - '0' : 0);
        return (negative, nanoseconds) switch
        {
            (false, _) => new UnixTime(seconds, nanoseconds),
            (true, 0) => new UnixTime(-seconds, 0),
            (true, _) => new UnixTime(-seconds - 1, 1_000_000_000 - nanoseconds),
        };
    }

    // The length counts the whole record, its own digits and the newline included.
    private static ReadOnlySpan<byte> Next(ref ReadOnlySpan<byte> content)
    {
        var blank = content.IndexOf((byte)' ');
        if (
            blank is <= 0 or > 10
            || content[..blank].ContainsAnyExceptInRange((byte)'0', (byte)'9')
            || !Utf8Parser.TryParse(content[..blank], out long length, out _)
            || length <= blank + 1
            || length > content.Length
            || content[(int)length - 1] != (byte)'\n'
        )
            throw Malformed("a record's length is wrong");
        var record = content[(blank + 1)..((int)length - 1)];
        content = content[(int)length..];
        return record;
    }

    private static bool IsSparse(string keyword) =>
        keyword.StartsWith("GNU.sparse.", StringComparison.Ordinal) || keyword is "SCHILY.realsize";

    private static PublicError Malformed(string fact) =>
        LayerRefused.Because(LayerRefusal.ExtendedHeader, $"in an extended header, {fact}");
}
