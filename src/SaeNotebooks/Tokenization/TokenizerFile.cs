using SaeNotebooks.Checkpoints;
using SaeNotebooks.Tokenization.Formats;

namespace SaeNotebooks.Tokenization;

/// <summary>Loads tokenizers from files. What is not understood is refused by name, since a wrong token id is never noticed.</summary>
public static class TokenizerFile
{
    private const long MaxBytes = 1L << 30; // the largest published ones are some 30 MB

    private static readonly string[] Names = ["tokenizer.json", "tokenizer.model"];

    /// <summary>
    /// Loads a file, <c>tokenizer.json</c> or <c>tokenizer.model</c> by any name (HuggingFace's JSON, SentencePiece's BPE models,
    /// Llama 3's tiktoken ranks, told apart by content), or the tokenizer of a folder. <c>add_bos_token</c> and <c>bos_token</c> of a
    /// <c>tokenizer_config.json</c> beside it go before what the file itself says.
    /// </summary>
    /// <exception cref="CheckpointException">the file is missing, damaged, or uses a feature that is not supported</exception>
    public static ITokenizer Load(string path)
    {
        if (Directory.Exists(path)) return InFolder(path)
            ?? throw new CheckpointException(path, null, $"has no tokenizer; looked for {string.Join(", ", Names)}, vocab.json with merges.txt, encoder.json with vocab.bpe");
        return Reading(path, () =>
        {
            if (new FileInfo(path).Length > MaxBytes) throw new CheckpointException(path, null, $"is larger than {MaxBytes >> 20} MiB, which no tokenizer is");
            var content = File.ReadAllBytes(path);
            return TokenizerFormats.Of(content, path).Read(content, path);
        });
    }

    /// <summary>Loads the two files of GPT-2: the vocabulary as JSON (<c>vocab.json</c>, <c>encoder.json</c>), and the merges as text
    /// (<c>merges.txt</c>, <c>vocab.bpe</c>).</summary>
    /// <exception cref="CheckpointException">a file is missing or damaged</exception>
    public static ITokenizer LoadGpt2(string vocabularyPath, string mergesPath) =>
        Reading(vocabularyPath, () => Gpt2Files.Read(vocabularyPath, mergesPath));

    /// <summary>Loads a SentencePiece model, and nothing else.</summary>
    /// <exception cref="CheckpointException">the file is missing, damaged, or another tokenizer's</exception>
    internal static PipelineTokenizer LoadSentencePiece(string path) => Reading(path, () =>
    {
        var content = File.ReadAllBytes(path);
        var format = new SentencePieceFormat();
        return format.Recognizes(content) ? format.Read(content, path) : throw new CheckpointException(path, null, "is no SentencePiece model");
    });

    /// <summary>The tokenizer of a checkpoint folder, or null if the folder has none.</summary>
    internal static ITokenizer? InFolder(string folder)
    {
        if (Names.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists) is { } file) return Load(file);
        return Gpt2Files.InFolder(folder) is var (vocabulary, merges) ? LoadGpt2(vocabulary, merges) : null;
    }

    private static PipelineTokenizer Reading(string path, Func<TokenizerParts> read)
    {
        try { return new PipelineTokenizer(TokenizerConfig.ApplyBeside(path, read())); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { throw new CheckpointException(path, null, $"cannot be read ({e.Message})", e); }
        catch (InvalidOperationException e) { throw new CheckpointException(path, null, $"is not valid text ({e.Message})", e); } // a lone surrogate
    }
}
