using System.Text.Json;
using SaeNotebooks.Checkpoints;

namespace SaeNotebooks.Tokenization.Formats;

/// <summary>What <c>tokenizer_config.json</c>, beside a tokenizer, says about the beginning of sequences.</summary>
/// <param name="AddsBos">whether they begin with BOS; null where the file is silent</param>
/// <param name="NamesBos">whether it says which token that is, or that there is none</param>
/// <param name="Bos">the token's text; null if there is none</param>
internal sealed record TokenizerConfig(bool? AddsBos, bool NamesBos, string? Bos)
{
    private const string FileName = "tokenizer_config.json", AddsKey = "add_bos_token", BosKey = "bos_token";

    /// <summary>Applies the file beside <paramref name="tokenizerFile"/>, if there is one.</summary>
    /// <exception cref="CheckpointException">the file is damaged or contradicts the tokenizer</exception>
    public static TokenizerParts ApplyBeside(string tokenizerFile, TokenizerParts parts)
    {
        var path = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(tokenizerFile))!, FileName);
        return File.Exists(path) ? Read(path).Apply(parts, path) : parts;
    }

    private static TokenizerConfig Read(string path)
    {
        var root = JsonSection.Parse(File.ReadAllBytes(path), path);
        var adds = root.Optional(AddsKey);
        var bos = root.Optional(BosKey);
        var text = bos is { Kind: JsonValueKind.Object } token ? token.Required("content").Text() : bos?.Text();
        return new TokenizerConfig(adds?.Flag(), root.Has(BosKey), text);
    }

    private TokenizerParts Apply(TokenizerParts parts, string path)
    {
        if (NamesBos && !parts.AddsBos) parts = parts with { Bos = Bos is null ? null : parts.Vocabulary.IdOf(Bos) };
        if (AddsBos is not { } adds) return parts;
        if (adds && parts.Bos is null) throw new CheckpointException(path, AddsKey, "is true, but the tokenizer has no BOS token");
        return parts with { AddsBos = adds };
    }
}
