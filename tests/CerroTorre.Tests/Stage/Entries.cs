using CerroTorre.Bundles;

namespace CerroTorre.Tests.Stage;

/// <summary>A bundle taken apart into entries, to be put together wrongly.</summary>
internal sealed class Entries
{
    private readonly List<(string Name, byte[] Header, byte[] Content)> _entries = [];

    public static Entries Of(byte[] bundle)
    {
        var entries = new Entries();
        for (var offset = 0; bundle[offset] != 0; )
        {
            var header = bundle[offset..(offset + 512)];
            UstarHeader.TryReadSize(header, out var size).Should().BeTrue();
            offset += 512;
            entries._entries.Add((UstarHeader.ShownName(header), header, bundle[offset..(offset + (int)size)]));
            offset += (int)size + UstarHeader.PaddingOf(size);
        }
        return entries;
    }

    public IReadOnlyList<string> Names => [.. _entries.Select(entry => entry.Name)];

    public byte[] this[string name] => _entries.Single(entry => entry.Name == name).Content;

    public Entries Replace(string name, byte[] content) =>
        Map(name, entry => (entry.Name, UstarHeader.Build(name, content.Length), content));

    public Entries ReplaceHeader(string name, byte[] header) => Map(name, entry => (entry.Name, header, entry.Content));

    public Entries Insert(int index, string name, byte[] content)
    {
        _entries.Insert(index, (name, UstarHeader.Build(name, content.Length), content));
        return this;
    }

    public Entries Append(string name, byte[] content) => Insert(_entries.Count, name, content);

    public Entries Remove(string name)
    {
        _entries.RemoveAll(entry => entry.Name == name);
        return this;
    }

    public Entries Swap(int a, int b)
    {
        (_entries[a], _entries[b]) = (_entries[b], _entries[a]);
        return this;
    }

    public byte[] ToBytes()
    {
        var bundle = new MemoryStream();
        foreach (var (_, header, content) in _entries)
        {
            bundle.Write(header);
            bundle.Write(content);
            bundle.Write(new byte[UstarHeader.PaddingOf(content.Length)]);
        }
        bundle.Write(new byte[1024]);
        return bundle.ToArray();
    }

    private Entries Map(string name, Func<(string Name, byte[] Header, byte[] Content), (string, byte[], byte[])> map)
    {
        var index = _entries.FindIndex(entry => entry.Name == name);
        _entries[index] = map(_entries[index]);
        return this;
    }
}
