namespace SaeNotebooks.Tokenization;

/// <summary>A token and the piece of text that it stands for.</summary>
/// <param name="Id">id in the vocabulary</param>
/// <param name="Text">its text; bytes that are no complete character by themselves show as <c>‹E1›</c></param>
/// <param name="Start">first UTF-16 code unit of the text it covers</param>
/// <param name="End">one past the last; tokens that share the bytes of one character all cover it, and one that stands only for the
/// space that a tokenizer puts before a text covers nothing</param>
public readonly record struct TokenSpan(int Id, string Text, int Start, int End);

/// <summary>Turns text into token ids and back. Implementations are thread-safe. A lone surrogate in a text counts as U+FFFD.</summary>
public interface ITokenizer
{
    /// <summary>Ids run from 0 to one less than this; there may be holes.</summary>
    int VocabSize { get; }

    /// <summary>Special tokens by their text. Written in a text, they become their one id, except where the tokenizer is a
    /// SentencePiece model, to which its control tokens are plain text.</summary>
    IReadOnlyDictionary<string, int> SpecialTokens { get; }

    /// <summary>The token that begins a sequence, or null if the tokenizer has none.</summary>
    int? Bos { get; }

    /// <summary>Whether sequences begin with <see cref="Bos"/> unless the caller says otherwise.</summary>
    bool AddsBos { get; }

    /// <summary>The ids of a text.</summary>
    /// <param name="text">any text</param>
    /// <param name="bos">whether to begin with <see cref="Bos"/>; by default as <see cref="AddsBos"/> says</param>
    /// <param name="special">whether special tokens written in the text become their ids; false takes them as plain text</param>
    /// <exception cref="InvalidOperationException">BOS is asked for and there is none</exception>
    /// <exception cref="ArgumentException">the vocabulary lacks a character and has nothing to stand in for it</exception>
    IReadOnlyList<int> Encode(string text, bool? bos = null, bool special = true);

    /// <summary>The tokens of a text with the characters they cover; without BOS.</summary>
    IReadOnlyList<TokenSpan> EncodeToSpans(string text);

    /// <summary>The text of a sequence of ids.</summary>
    /// <param name="ids">ids; one outside the vocabulary, which models padded to a round number can produce, shows as <c>‹id›</c></param>
    /// <param name="skipSpecial">leaves special tokens out</param>
    /// <param name="atStart">whether the ids begin the text; only there is the space taken off that some tokenizers put before it</param>
    string Decode(IEnumerable<int> ids, bool skipSpecial = false, bool atStart = true);

    /// <summary>The text of a single token, with its leading space; bytes that are no complete character show as <c>‹E1›</c>.</summary>
    /// <param name="id">id; one outside the vocabulary shows as <c>‹id›</c></param>
    string TextOf(int id);
}
