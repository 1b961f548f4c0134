using SaeNotebooks.Tokenization.Formats.HuggingFace;

namespace SaeNotebooks.Tokenization.Formats;

/// <summary><c>tokenizer.json</c> of HuggingFace's tokenizers library.</summary>
internal sealed class HuggingFaceFormat : ITokenizerFormat
{
    // What the families call the token, for files whose post-processor does not put it before the text.
    private static readonly string[] UsualBos = ["<|begin_of_text|>", "<bos>", "<s>", "<|bos|>", "<|endoftext|>"];

    public string Name => "a tokenizer.json";

    public bool Recognizes(ReadOnlySpan<byte> content) => content.TrimStart(" \t\r\n"u8) is [(byte)'{', ..];

    public TokenizerParts Read(byte[] content, string file)
    {
        var root = JsonSection.Parse(content, file);
        var normalizer = NormalizerReader.Read(root.Optional("normalizer"));
        var (vocabulary, model) = BpeReader.Read(root.Required("model"), file);
        List<AddedToken> added = [.. root.Optional("added_tokens")?.Items().Select(t => AddedTokenReader.Read(t, normalizer)) ?? []];
        var first = PostProcessorReader.Read(root.Optional("post_processor"));
        return new TokenizerParts(vocabulary.With(added, file), added, normalizer, PreTokenizerReader.Read(root.Optional("pre_tokenizer")),
            model, DecoderReader.Read(root.Required("decoder")))
        {
            Bos = first ?? UsualBos.Select(name => added.Find(t => t.IsSpecial && t.Content == name)?.Id).FirstOrDefault(id => id is not null),
            AddsBos = first is not null,
        };
    }
}
