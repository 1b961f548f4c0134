namespace SaeNotebooks.Tokenization;

/// <summary>Decodes a stream of tokens, holding back bytes until they make up whole characters.</summary>
internal sealed class IncrementalDecoder(ITokenizer tokenizer)
{
    private const int LongestCharacter = 4; // bytes of UTF-8, hence tokens that one character can be spread over
    private readonly List<int> _pending = [];

    /// <summary>The text that this token completes; empty while a character is unfinished.</summary>
    public string Next(int id)
    {
        _pending.Add(id);
        var text = tokenizer.Decode(_pending, atStart: false);
        if (text.EndsWith('\uFFFD') && _pending.Count < LongestCharacter) return "";
        _pending.Clear();
        return text;
    }
}
