using SaeNotebooks.Tokenization.Bpe;
using SaeNotebooks.Tokenization.Decoders;
using SaeNotebooks.Tokenization.Normalizers;
using SaeNotebooks.Tokenization.Patterns;
using SaeNotebooks.Tokenization.PreTokenizers;

namespace SaeNotebooks.Tokenization.Formats;

/// <summary>What Llama 3 adds to its ranks: a pattern and 256 special tokens (meta-llama/llama-models, <c>llama3/tokenizer.py</c>).</summary>
internal static class Llama3Tokens
{
    /// <summary>How many ranks there are; ids from here on are special tokens.</summary>
    public const int Ranks = 128_000;

    private const int SpecialTokens = 256;

    private const string Pattern = @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    private static readonly string[] Named =
    [
        "<|begin_of_text|>", "<|end_of_text|>", Reserved(0), Reserved(1), "<|finetune_right_pad_id|>", "<|step_id|>", "<|start_header_id|>",
        "<|end_header_id|>", "<|eom_id|>", "<|eot_id|>", "<|python_tag|>", "<|image|>",
    ];

    /// <summary>The tokenizer of some ranks; the special tokens follow them.</summary>
    public static TokenizerParts Build(IReadOnlyList<(string Text, int Rank)> ranks, string file)
    {
        var vocabulary = new Vocabulary(ranks, file);
        var names = Named.Concat(Enumerable.Range(2, SpecialTokens - Named.Length).Select(Reserved));
        List<AddedToken> special = [.. names.Select((name, i) => new AddedToken(ranks.Count + i, name) { IsSpecial = true })];
        var model = new BpeModel(vocabulary, MergeTable.FromRanks(ranks, vocabulary), new BpeRules { IgnoresMerges = true });
        var pieces = new PreTokenizerSequence(new SplitPreTokenizer(new RegexPattern(Pattern), SplitBehavior.Isolated),
            new ByteLevelPreTokenizer(usesPattern: false, addsSpace: false));
        return new TokenizerParts(vocabulary.With(special, file), special, new NormalizerSequence(), pieces, model, new ByteLevelDecoder())
        {
            Bos = special[0].Id,
            AddsBos = true,
        };
    }

    private static string Reserved(int number) => $"<|reserved_special_token_{number}|>";
}
