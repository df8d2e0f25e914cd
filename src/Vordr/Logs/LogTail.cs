using Microsoft.Win32.SafeHandles;

namespace Vordr.Logs;

/// <summary>Finds where the last lines of a log begin, reading it from its end.</summary>
internal static class LogTail
{
    private const int Chunk = 64 << 10;

    /// <summary>Offset of the record with which the last <paramref name="lines"/> lines begin.</summary>
    public static long Find(SafeFileHandle log, int lines)
    {
        var end = RandomAccess.GetLength(log);
        if (lines <= 0)
            return end;
        var buffer = new byte[Chunk];
        var begin = end;
        var found = 0;
        // From record to record backwards; the one that ends the line before the first that is wanted is one too far.
        while (begin > 0)
        {
            var start = StartOfRecordBefore(log, begin, buffer);
            if (EndsLine(log, start) && ++found > lines)
                return begin;
            // Records of a line that has not ended yet are the last line.
            if (found == 0)
                found = 1;
            begin = start;
        }
        return 0;
    }

    private static bool EndsLine(SafeFileHandle log, long start)
    {
        Span<byte> head = stackalloc byte[LogFormat.LongestHead];
        head = head[..RandomAccess.Read(log, head, start)];
        var feed = head.IndexOf((byte)'\n');
        return LogFormat.EndsLine(feed < 0 ? head : head[..feed]);
    }

    // The record that ends with the line feed just before the offset.
    private static long StartOfRecordBefore(SafeFileHandle log, long offset, byte[] buffer)
    {
        var stop = offset - 1;
        while (stop > 0)
        {
            var from = Math.Max(0, stop - buffer.Length);
            var read = RandomAccess.Read(log, buffer.AsSpan(0, (int)(stop - from)), from);
            var feed = buffer.AsSpan(0, read).LastIndexOf((byte)'\n');
            if (feed >= 0)
                return from + feed + 1;
            stop = from;
        }
        return 0;
    }
}
