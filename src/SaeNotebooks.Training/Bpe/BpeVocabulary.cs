namespace SaeNotebooks.Training.Bpe;

/// <summary>A trained byte-level BPE: what a tokenizer needs to know, and nothing of how it was found.</summary>
/// <param name="Tokens">token strings in the byte alphabet by id: special tokens, then the 256 bytes by character, then the merges' results</param>
/// <param name="Merges">pairs of tokens in the order in which an encoder applies them</param>
public sealed record BpeVocabulary(IReadOnlyList<string> Tokens, IReadOnlyList<(string Left, string Right)> Merges)
{
    /// <summary>Begins every document.</summary>
    public const string Bos = "<bos>";

    /// <summary>Ends every document.</summary>
    public const string Eos = "<eos>";

    /// <summary>Fills short rows of a batch.</summary>
    public const string Pad = "<pad>";

    /// <summary>The special tokens; a token's place here is its id.</summary>
    public static IReadOnlyList<string> SpecialTokens { get; } = [Bos, Eos, Pad];

    /// <summary>The smallest vocabulary: special tokens and the single bytes.</summary>
    public static int SmallestSize => SpecialTokens.Count + 256;
}
