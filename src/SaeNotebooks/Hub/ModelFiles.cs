namespace SaeNotebooks.Hub;

/// <summary>Which files of a repository a language model needs.</summary>
internal static class ModelFiles
{
    private const string Config = "config.json", Weights = "model.safetensors", Index = "model.safetensors.index.json", Shards = "model-*.safetensors";

    private static readonly string[] Texts =
    [
        Config, "generation_config.json", "tokenizer.json", "tokenizer.model", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json",
        "vocab.json", "merges.txt", "chat_template.jinja",
    ];

    /// <summary>
    /// Configuration, tokenizer and safetensors: the single file where there is one, else the shards and their index. Copies in other
    /// formats (pickles, h5, onnx, gguf, <c>original/</c>) are left out.
    /// </summary>
    /// <exception cref="HubException">the repository is no language model's, or has no safetensors</exception>
    public static IReadOnlyList<string> Needed(IReadOnlyList<string> names, HubName name)
    {
        if (!names.Contains(Config)) throw Missing(name, $"has no {Config}, so it is no language model's; files of it can be had with HubClient.Download");
        string[] weights = names.Contains(Weights) ? [Weights]
            : names.Contains(Index) ? [Index, .. names.Where(n => !n.Contains('/') && HubPath.Matches(n, Shards))]
            : throw Missing(name, $"has neither {Weights} nor {Index}{Others(names)}; only safetensors are read");
        return [.. Texts.Where(names.Contains), .. weights];
    }

    private static string Others(IReadOnlyList<string> names) =>
        names.FirstOrDefault(n => Path.GetExtension(n) is ".bin" or ".pth") is { } pickle ? $" (but {HubPath.Shown(pickle)})" : "";

    private static HubException Missing(HubName name, string problem) => new(HubProblem.NoFile, $"{name} {problem}.");
}
