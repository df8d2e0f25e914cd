using System.Security.Cryptography;
using Oci;

namespace Vordr.Storage.Tar;

/// <summary>
/// The uncompressed tar as a stream of bytes that are counted against the limit and hashed as they come in. Hands out
/// slices of its own buffer, each valid until the next call.
/// </summary>
internal sealed class TarInput : IDisposable
{
    private readonly Stream _source;
    private readonly long _limit;
    private readonly byte[] _buffer = new byte[256 << 10];
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private int _start;
    private int _end;

    /// <summary>Reads from <paramref name="source"/>, at most <paramref name="limit"/> bytes.</summary>
    public TarInput(Stream source, long limit)
    {
        _source = source;
        _limit = limit;
    }

    /// <summary>Bytes that came in so far.</summary>
    public long Count { get; private set; }

    /// <summary>Exactly <paramref name="size"/> bytes, up to the size of a few headers; null when the input is at its end.</summary>
    public ReadOnlySpan<byte> Take(int size, out bool atEnd)
    {
        while (_end - _start < size && Fill()) { }
        atEnd = _end == _start;
        if (atEnd)
            return default;
        if (_end - _start < size)
            throw LayerRefused.Because(
                LayerRefusal.Truncated,
                $"it ends in the middle of an entry, after {Count} bytes"
            );
        var slice = _buffer.AsSpan(_start, size);
        _start += size;
        return slice;
    }

    /// <summary>Between 1 and <paramref name="most"/> bytes.</summary>
    public ReadOnlySpan<byte> TakeSome(long most)
    {
        if (_end == _start && !Fill())
            throw LayerRefused.Because(LayerRefusal.Truncated, $"it ends in the middle of a file, after {Count} bytes");
        var slice = _buffer.AsSpan(_start, (int)Math.Min(most, _end - _start));
        _start += slice.Length;
        return slice;
    }

    /// <summary>Passes over <paramref name="count"/> bytes.</summary>
    public void Skip(long count)
    {
        while (count > 0)
            count -= TakeSome(count).Length;
    }

    /// <summary>Reads to the end, where only zeros may be: padding to the archive's record size.</summary>
    public void Finish()
    {
        do
        {
            if (_buffer.AsSpan(_start, _end - _start).ContainsAnyExcept((byte)0))
                throw LayerRefused.Because(LayerRefusal.TrailingData, "data follows the end of the archive");
            _start = _end;
        } while (Fill());
    }

    /// <summary>Digest of all bytes that came in.</summary>
    public Digest GetDigest() => Digest.FromHash(_hash.GetCurrentHash());

    /// <inheritdoc/>
    public void Dispose() => _hash.Dispose();

    private bool Fill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }
        var size = _source.Read(_buffer, _end, _buffer.Length - _end);
        if (size == 0)
            return false;
        Count += size;
        if (Count > _limit)
            throw LayerRefused.Because(LayerRefusal.TooManyBytes, $"it has more than {_limit} bytes uncompressed");
        _hash.AppendData(_buffer, _end, size);
        _end += size;
        return true;
    }
}
