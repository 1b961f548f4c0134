using SaeNotebooks.Checkpoints;

namespace SaeNotebooks.Tokenization;

/// <summary>The entries of a vocabulary and their ids, each of which belongs to one entry. Ids may have holes.</summary>
internal sealed class Vocabulary
{
    private const int MaxId = (1 << 24) - 1; // larger ids are damage: they would make embeddings of many gigabytes
    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    private readonly Dictionary<int, string> _texts = [];
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    /// <exception cref="CheckpointException">an entry is there twice, two share an id, or an id is out of range</exception>
    public Vocabulary(IEnumerable<(string Text, int Id)> entries, string file)
    {
        foreach (var (text, id) in entries)
        {
            if (id is < 0 or > MaxId) throw new CheckpointException(file, text, $"has the id {id}, expected one from 0 to {MaxId}");
            if (!_ids.TryAdd(text, id)) throw new CheckpointException(file, text, "is in the vocabulary twice");
            if (!_texts.TryAdd(id, text)) throw new CheckpointException(file, text, $"has the id {id}, which '{_texts[id]}' has too");
            Size = Math.Max(Size, id + 1);
        }
        if (Size == 0) throw new CheckpointException(file, "vocab", "is empty");
        _lookup = _ids.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>One more than the largest id.</summary>
    public int Size { get; }

    public IEnumerable<(string Text, int Id)> Entries => _ids.Select(e => (e.Key, e.Value));

    public int? IdOf(ReadOnlySpan<char> text) => _lookup.TryGetValue(text, out var id) ? id : null;

    public string? TextOf(int id) => _texts.GetValueOrDefault(id);

    /// <summary>This vocabulary with tokens that files keep in a list of their own; most of them are in it already.</summary>
    /// <exception cref="CheckpointException">a token's id or text belongs to another</exception>
    public Vocabulary With(IEnumerable<AddedToken> added, string file) =>
        new(Entries.Union(added.Select(t => (t.Content, t.Id))), file);
}
