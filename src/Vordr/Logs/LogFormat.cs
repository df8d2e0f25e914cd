using System.Globalization;
using System.Text;

namespace Vordr.Logs;

/// <summary>
/// conmon's <c>k8s-file</c> format: <c>2026-11-24T20:36:44.123456789+00:00 stdout F text</c>, where P in place of F says
/// that the line goes on in the next record of its stream.
/// </summary>
internal static class LogFormat
{
    // Time with nanoseconds and offset, stream, tag, and the blanks between.
    public const int LongestHead = 64;

    /// <summary>Reads one record, without its line feed; null when it isn't one.</summary>
    public static LogLine? Parse(ReadOnlySpan<byte> record)
    {
        if (!TrySplit(record, out var time, out var stream, out var tag, out var text))
            return null;
        var parsed = DateTimeOffset.TryParse(
            Encoding.ASCII.GetString(time),
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var at
        );
        LogStream? from =
            stream.SequenceEqual("stdout"u8) ? LogStream.Output
            : stream.SequenceEqual("stderr"u8) ? LogStream.Error
            : null;
        return parsed && from is { } known ? new LogLine(at, known, text.ToArray(), tag == (byte)'P') : null;
    }

    /// <summary>Whether a record that begins so ends its line; one that isn't a record does.</summary>
    public static bool EndsLine(ReadOnlySpan<byte> head) =>
        !TrySplit(head, out _, out _, out var tag, out _) || tag != (byte)'P';

    private static bool TrySplit(
        ReadOnlySpan<byte> record,
        out ReadOnlySpan<byte> time,
        out ReadOnlySpan<byte> stream,
        out byte tag,
        out ReadOnlySpan<byte> text
    )
    {
        time = stream = text = default;
        tag = 0;
        var first = record.IndexOf((byte)' ');
        if (first < 0)
            return false;
        time = record[..first];
        record = record[(first + 1)..];
        var second = record.IndexOf((byte)' ');
        if (second < 0 || record.Length < second + 2)
            return false;
        stream = record[..second];
        tag = record[second + 1];
        // An empty line may end with its tag.
        text = record.Length > second + 3 ? record[(second + 3)..] : default;
        return true;
    }
}
