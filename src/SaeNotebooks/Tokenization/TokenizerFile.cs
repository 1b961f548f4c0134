using System.Text.Json;
using System.Text.RegularExpressions;
using SaeNotebooks.Checkpoints;

namespace SaeNotebooks.Tokenization;

/// <summary>Loads tokenizers from files. What is not understood is refused by name, since a wrong token id is never noticed.</summary>
public static class TokenizerFile
{
    /// <summary>Loads <c>tokenizer.json</c> of HuggingFace's tokenizers: byte-level BPE, with NFC or no normaliser.</summary>
    /// <exception cref="CheckpointException">the file is missing, damaged, or uses a feature that is not supported</exception>
    public static ITokenizer Load(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            return new ByteLevelBpe(TokenizerJson.Read(document.RootElement, path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { throw new CheckpointException(path, null, $"cannot be read ({e.Message})", e); }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new CheckpointException(path, null, $"not a tokenizer.json ({e.Message})", e);
        }
    }

    /// <summary>Loads the two files of GPT-2: the vocabulary as JSON (<c>vocab.json</c>, <c>encoder.json</c>), and the merges as text
    /// (<c>merges.txt</c>, <c>vocab.bpe</c>).</summary>
    /// <exception cref="CheckpointException">a file is missing or damaged</exception>
    public static ITokenizer LoadGpt2(string vocabularyPath, string mergesPath)
    {
        const string endOfText = "<|endoftext|>";
        var vocabulary = ReadVocabulary(vocabularyPath);
        if (!File.Exists(mergesPath)) throw new CheckpointException(mergesPath, null, "no such file");
        var merges = File.ReadLines(mergesPath).Where(line => line.Length > 0 && !line.StartsWith("#version", StringComparison.Ordinal))
            .ToList();
        if (!vocabulary.TryGetValue(endOfText, out var end)) throw new CheckpointException(vocabularyPath, endOfText,
            "the vocabulary has no such entry");
        return new ByteLevelBpe(new ByteLevelBpeParts(vocabulary, merges, [new AddedToken(end, endOfText, IsSpecial: true, IsNormalized: false)],
            new PreTokenizer([Pattern(PreTokenizer.Gpt2Pattern)]), IsNfc: false, IgnoresMerges: false, Bos: end, AddsBos: false));
    }

    /// <summary>The tokenizer of a checkpoint folder, or null if the folder has none.</summary>
    internal static ITokenizer? InFolder(string folder)
    {
        var (json, vocabulary, merges) = (Path.Combine(folder, "tokenizer.json"), Path.Combine(folder, "vocab.json"), Path.Combine(folder,
            "merges.txt"));
        return File.Exists(json) ? Load(json) : File.Exists(vocabulary) && File.Exists(merges) ? LoadGpt2(vocabulary, merges) : null;
    }

    internal static Regex Pattern(string pattern) => new(pattern, RegexOptions.CultureInvariant | RegexOptions.Compiled);

    private static Dictionary<string, int> ReadVocabulary(string path)
    {
        if (!File.Exists(path)) throw new CheckpointException(path, null, "no such file");
        try { return JsonSerializer.Deserialize<Dictionary<string, int>>(File.ReadAllBytes(path)) ?? throw new JsonException("null"); }
        catch (JsonException e) { throw new CheckpointException(path, null, $"not a JSON vocabulary ({e.Message})", e); }
    }
}
