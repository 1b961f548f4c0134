using SaeNotebooks.Checkpoints;
using SaeNotebooks.Tokenization.Bpe;
using SaeNotebooks.Tokenization.Decoders;
using SaeNotebooks.Tokenization.Normalizers;
using SaeNotebooks.Tokenization.PreTokenizers;

namespace SaeNotebooks.Tokenization.Formats;

/// <summary>GPT-2's two files: the vocabulary as JSON, and the merges as text.</summary>
internal static class Gpt2Files
{
    private const string EndOfText = "<|endoftext|>";

    // HuggingFace's names, and OpenAI's.
    private static readonly (string Vocabulary, string Merges)[] Names = [("vocab.json", "merges.txt"), ("encoder.json", "vocab.bpe")];

    /// <summary>The two files of a folder, if it has them.</summary>
    public static (string Vocabulary, string Merges)? InFolder(string folder)
    {
        foreach (var (vocabulary, merges) in Names)
            if (File.Exists(Path.Combine(folder, vocabulary)) && File.Exists(Path.Combine(folder, merges)))
                return (Path.Combine(folder, vocabulary), Path.Combine(folder, merges));
        return null;
    }

    public static TokenizerParts Read(string vocabularyFile, string mergesFile)
    {
        var entries = JsonSection.Parse(File.ReadAllBytes(vocabularyFile), vocabularyFile).Entries();
        var vocabulary = new Vocabulary(entries.Select(e => (e.Key, e.Value.Whole())), vocabularyFile);
        var merges = MergeTable.FromList(ReadMerges(mergesFile), vocabulary, mergesFile);
        var end = new AddedToken(vocabulary.IdOf(EndOfText)
            ?? throw new CheckpointException(vocabularyFile, EndOfText, "is not in the vocabulary, which is then not GPT-2's"), EndOfText) { IsSpecial = true };
        return new TokenizerParts(vocabulary, [end], new NormalizerSequence(), new ByteLevelPreTokenizer(usesPattern: true, addsSpace: false),
            new BpeModel(vocabulary, merges, new BpeRules()), new ByteLevelDecoder()) { Bos = end.Id };
    }

    private static IEnumerable<(string Left, string Right)> ReadMerges(string file)
    {
        foreach (var line in File.ReadLines(file).Where(line => line.Length > 0 && !line.StartsWith("#version", StringComparison.Ordinal)))
            yield return line.Split(' ') is [var left, var right] ? (left, right)
                : throw new CheckpointException(file, line, "is not two tokens with a space between");
    }
}
