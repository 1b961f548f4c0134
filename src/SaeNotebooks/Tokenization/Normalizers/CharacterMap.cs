using System.Buffers.Binary;
using System.Text;
using SaeNotebooks.Checkpoints;

namespace SaeNotebooks.Tokenization.Normalizers;

/// <summary>
/// SentencePiece's compiled table of replacements, such as those of NFKC (<c>precompiled_charsmap</c>): the length of a trie in bytes, the trie, and the
/// replacements, each ended by a zero byte. The trie, of UTF-8 bytes, is a double array as Darts-clone writes it (S. Yata): units of 32 bits, the value of
/// a key being where its replacement begins.
/// </summary>
internal sealed class CharacterMap
{
    private readonly uint[] _units;
    private readonly byte[] _replacements;

    /// <exception cref="CheckpointException">the table is cut off</exception>
    public CharacterMap(ReadOnlySpan<byte> compiled, string file)
    {
        var trie = compiled.Length < sizeof(uint) ? uint.MaxValue : BinaryPrimitives.ReadUInt32LittleEndian(compiled);
        if (trie is 0 || trie % sizeof(uint) != 0 || trie > compiled.Length - sizeof(uint) || compiled[^1] != 0)
            throw new CheckpointException(file, "precompiled_charsmap", "is cut off or no table of replacements");
        _units = new uint[trie / sizeof(uint)];
        for (var i = 0; i < _units.Length; i++) _units[i] = BinaryPrimitives.ReadUInt32LittleEndian(compiled[((i + 1) * sizeof(uint))..]);
        _replacements = compiled[(sizeof(uint) + (int)trie)..].ToArray();
    }

    /// <summary>The longest key that a text in UTF-8 begins with.</summary>
    /// <returns>its length in bytes and what replaces it; null if no key fits</returns>
    public (int Length, string Replacement)? Longest(ReadOnlySpan<byte> text)
    {
        (int Length, int At)? found = null;
        var node = Offset(Unit(0));
        for (var i = 0; i < text.Length; i++)
        {
            node ^= text[i];
            if (Unit(node) is var unit && (unit & 0x8000_00FF) != text[i]) break; // the unit's label, whose highest bit marks a value
            node ^= Offset(unit);
            if ((unit & 0x100) != 0) found = (i + 1, (int)(Unit(node) & 0x7FFF_FFFF));
        }
        return found is var (length, at) ? (length, ReplacementAt(at)) : null;
    }

    // Where the children of a unit lie, relative to it.
    private static uint Offset(uint unit) => unit >> 10 << (int)((unit & 0x200) >> 6);

    private uint Unit(uint at) => at < _units.Length ? _units[at] : 0x8000_0000; // beyond the array nothing fits

    private string ReplacementAt(int at)
    {
        if (at >= _replacements.Length) return "";
        var text = _replacements.AsSpan(at);
        return Encoding.UTF8.GetString(text[..text.IndexOf((byte)0)]);
    }
}
