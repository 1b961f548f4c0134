using SaeNotebooks.Tokenization;

namespace SaeNotebooks.Translation.Measures.Tokenizers;

/// <summary>The pieces of a SentencePiece model, as sacreBLEU's <c>TokenizerSPM</c> takes them.</summary>
/// <param name="name">as sacreBLEU calls the model</param>
/// <param name="file">the model</param>
internal sealed class SentencePieceTokenizer(string name, string file) : SegmentTokenizer
{
    private readonly PipelineTokenizer _pieces = TokenizerFile.LoadSentencePiece(file);

    public override string Name => name;

    private protected override string Separate(string segment) => string.Join(' ', _pieces.EncodeToPieces(segment));
}
