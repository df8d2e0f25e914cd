using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace CerroTorre.Linux;

/// <summary>Copies a range between two files inside the kernel, sharing extents where the filesystem can.</summary>
internal static class FileRange
{
    private const int NotImplemented = 38; // ENOSYS
    private const int CrossDevice = 18; // EXDEV
    private const int Invalid = 22; // EINVAL
    private const int NotSupported = 95; // EOPNOTSUPP
    private const int BufferSize = 1024 * 1024;

    /// <summary>Copies <paramref name="length"/> bytes; falls back to reading and writing where the kernel can't.</summary>
    public static async Task CopyAsync(
        SafeFileHandle from,
        long fromOffset,
        SafeFileHandle to,
        long toOffset,
        long length,
        CancellationToken cancellationToken
    )
    {
        while (length > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var step = (nuint)Math.Min(length, 64L * 1024 * 1024);
            var copied = NativeMethods.CopyFileRange(from, ref fromOffset, to, ref toOffset, step, 0);
            if (copied > 0)
            {
                length -= copied;
                continue;
            }
            if (copied == 0)
                throw new EndOfStreamException("The file became shorter while it was copied.");
            if (Marshal.GetLastPInvokeError() is not (NotImplemented or CrossDevice or Invalid or NotSupported))
                throw new IOException($"copy_file_range failed: {Marshal.GetLastPInvokeErrorMessage()}");
            await CopyByBufferAsync(from, fromOffset, to, toOffset, length, cancellationToken);
            return;
        }
    }

    private static async Task CopyByBufferAsync(
        SafeFileHandle from,
        long fromOffset,
        SafeFileHandle to,
        long toOffset,
        long length,
        CancellationToken cancellationToken
    )
    {
        var buffer = new byte[BufferSize];
        while (length > 0)
        {
            var chunk = buffer.AsMemory(0, (int)Math.Min(buffer.Length, length));
            var read = await RandomAccess.ReadAsync(from, chunk, fromOffset, cancellationToken);
            if (read == 0)
                throw new EndOfStreamException("The file became shorter while it was copied.");
            await RandomAccess.WriteAsync(to, chunk[..read], toOffset, cancellationToken);
            fromOffset += read;
            toOffset += read;
            length -= read;
        }
    }
}
