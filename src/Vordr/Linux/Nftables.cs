using System.Runtime.InteropServices;
using Oci.Errors;

namespace Vordr.Linux;

/// <summary>Commands that nft refused; the message holds its own words.</summary>
internal sealed class NftablesError(string message) : IOException(message);

/// <summary>
/// libnftables(3): what <c>nft</c> does, in this process. A context belongs to the network namespace of the thread
/// that opened it. The library is used by one thread of the process at a time: version 1.0.6 aborts now and then
/// (<c>set_dtype_json</c>) when two threads list at once, each with a context of its own. Opening loads the library, so open it
/// when there is something to say; closing after a deletion waits for the kernel's grace period (5–18 ms), so delete
/// early and close late.
/// </summary>
internal sealed partial class Nftables : IDisposable
{
    private static readonly Lock Use = new();
    private nint _context;

    private Nftables(nint context) => _context = context;

    /// <summary>Opens a context in the calling thread's network namespace.</summary>
    public static Nftables Open()
    {
        lock (Use)
            return OpenAlone();
    }

    private static Nftables OpenAlone()
    {
        nint context;
        try
        {
            context = nft_ctx_new(0);
        }
        catch (DllNotFoundException missing)
        {
            throw new PublicError(
                ErrorId.Network,
                "The library libnftables.so.1 is not installed; bridge networks need it.",
                missing,
                "install the package libnftables1 (Debian, Ubuntu) or nftables",
                "or run the container with --network none"
            );
        }
        if (context == 0)
            throw LinuxError.Of("nft_ctx_new", "nftables", Errno.ENOMEM);
        if (nft_ctx_buffer_output(context) != 0 || nft_ctx_buffer_error(context) != 0)
        {
            nft_ctx_free(context);
            throw LinuxError.Of("nft_ctx_buffer_output", "nftables", Errno.ENOMEM);
        }
        return new Nftables(context);
    }

    /// <summary>Runs commands as one transaction: all of them, or none.</summary>
    /// <exception cref="NftablesError">nft refused.</exception>
    public void Run(string commands) => Run(commands, flags: 0);

    /// <summary>Runs a list command and returns its answer as JSON (libnftables-json(5)).</summary>
    /// <exception cref="NftablesError">nft refused.</exception>
    public string Query(string command) => Run(command, OutputJson | OutputNumericProtocol);

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (Use)
        {
            if (_context != 0)
                nft_ctx_free(_context);
            _context = 0;
        }
    }

    private string Run(string commands, uint flags)
    {
        lock (Use)
        {
            ObjectDisposedException.ThrowIf(_context == 0, this);
            nft_ctx_output_set_flags(_context, flags);
            var failed = nft_run_cmd_from_buffer(_context, commands) != 0;
            // Reading a buffer also empties it; both are read so that nothing is left for the next command.
            var output = Marshal.PtrToStringUTF8(nft_ctx_get_output_buffer(_context)) ?? "";
            var error = Marshal.PtrToStringUTF8(nft_ctx_get_error_buffer(_context)) ?? "";
            return failed ? throw new NftablesError(error.Trim()) : output;
        }
    }

    /// <summary>NFT_CTX_OUTPUT_JSON.</summary>
    private const uint OutputJson = 1 << 4;

    /// <summary>NFT_CTX_OUTPUT_NUMERIC_PROTO: names would depend on /etc/protocols.</summary>
    private const uint OutputNumericProtocol = 1 << 7;

    [LibraryImport("libnftables.so.1")]
    private static partial nint nft_ctx_new(uint flags);

    [LibraryImport("libnftables.so.1")]
    private static partial void nft_ctx_free(nint context);

    [LibraryImport("libnftables.so.1")]
    private static partial int nft_ctx_buffer_output(nint context);

    [LibraryImport("libnftables.so.1")]
    private static partial int nft_ctx_buffer_error(nint context);

    [LibraryImport("libnftables.so.1")]
    private static partial nint nft_ctx_get_output_buffer(nint context);

    [LibraryImport("libnftables.so.1")]
    private static partial nint nft_ctx_get_error_buffer(nint context);

    [LibraryImport("libnftables.so.1")]
    private static partial void nft_ctx_output_set_flags(nint context, uint flags);

    [LibraryImport("libnftables.so.1", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int nft_run_cmd_from_buffer(nint context, string commands);
}
