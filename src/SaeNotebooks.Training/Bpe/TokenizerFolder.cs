using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SaeNotebooks.Training.Bpe;

/// <summary>
/// Writes a vocabulary as HuggingFace's fast-tokenizer files: <c>tokenizer.json</c>, <c>tokenizer_config.json</c>,
/// <c>special_tokens_map.json</c>. The bytes depend on the vocabulary alone.
/// </summary>
public static class TokenizerFolder
{
    // The byte alphabet is readable only if its characters are not escaped; the files are never embedded in HTML.
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Writes the three files into <paramref name="folder"/>, which is made if it is missing.</summary>
    /// <param name="folder">a checkpoint folder</param>
    /// <param name="vocabulary">what was trained</param>
    /// <param name="maxLength">the model's context in tokens, recorded as <c>model_max_length</c></param>
    public static void Write(string folder, BpeVocabulary vocabulary, int maxLength)
    {
        Directory.CreateDirectory(folder);
        WriteFile(folder, "tokenizer.json", TokenizerJson.Build(vocabulary));
        WriteFile(folder, "tokenizer_config.json", Config(maxLength));
        WriteFile(folder, "special_tokens_map.json", SpecialTokensMap());
    }

    private static void WriteFile(string folder, string name, JsonObject content)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path + ".part", content.ToJsonString(Indented) + "\n");
        File.Move(path + ".part", path, overwrite: true);
    }

    private static JsonObject Config(int maxLength)
    {
        var config = SpecialTokensMap();
        config["tokenizer_class"] = "PreTrainedTokenizerFast";
        config["model_max_length"] = maxLength;
        // Transformers' clean-up would delete spaces before punctuation, and French needs them.
        config["clean_up_tokenization_spaces"] = false;
        return config;
    }

    private static JsonObject SpecialTokensMap() => new()
    {
        ["bos_token"] = BpeVocabulary.Bos,
        ["eos_token"] = BpeVocabulary.Eos,
        ["pad_token"] = BpeVocabulary.Pad,
    };
}
