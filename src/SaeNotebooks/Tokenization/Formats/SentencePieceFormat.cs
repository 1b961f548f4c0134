using SaeNotebooks.Checkpoints;
using SaeNotebooks.Tokenization.Bpe;
using SaeNotebooks.Tokenization.Decoders;
using SaeNotebooks.Tokenization.Normalizers;
using SaeNotebooks.Tokenization.Patterns;
using SaeNotebooks.Tokenization.PreTokenizers;
using SaeNotebooks.Tokenization.Unigram;

namespace SaeNotebooks.Tokenization.Formats;

/// <summary><c>tokenizer.model</c> of SentencePiece (Kudo and Richardson 2018): BPE on characters with the bytes of unknown ones, as Llama 2, Mistral and
/// Gemma have it, or a unigram model, as XLM-R has it.</summary>
internal sealed class SentencePieceFormat : ITokenizerFormat
{
    private const char Mark = '▁';
    private const byte FirstField = 0x0A; // a piece: field 1, of bytes

    public string Name => "a SentencePiece model";

    public bool Recognizes(ReadOnlySpan<byte> content) => content is [FirstField, ..];

    public TokenizerParts Read(byte[] content, string file)
    {
        var proto = SentencePieceProto.Parse(content, file);
        RefuseUnsupported(proto, file);
        var pieces = proto.Pieces.Select((piece, id) => (Piece: piece, Id: id)).ToList();
        var vocabulary = new Vocabulary(pieces.Select(p => (p.Piece.Text, p.Id)), file);
        return new TokenizerParts(vocabulary, [.. pieces.Select(p => Added(p.Piece, p.Id)).OfType<AddedToken>()], Normalizer(proto, file),
            new PreTokenizerSequence(), proto.ModelType == SentencePieceProto.Bpe ? Bpe(proto, pieces, vocabulary, file) : Unigram(pieces, file), Decoder(proto))
        {
            Bos = Bos(proto),
            AddsBos = Bos(proto) is not null, // as HuggingFace's tokenizers of Llama, Mistral and Gemma do
        };
    }

    private static void RefuseUnsupported(SentencePieceProto proto, string file)
    {
        void Refuse(bool isThere, string what)
        {
            if (isThere) throw new CheckpointException(file, null, $"{what} is not supported in a SentencePiece model");
        }
        var isUnigram = proto.ModelType == SentencePieceProto.Unigram;
        Refuse(proto.ModelType != SentencePieceProto.Bpe && !isUnigram, $"the model type {proto.ModelType}");
        Refuse(isUnigram && proto.FallsBackToBytes, "the fallback to bytes of a unigram model");
        Refuse(isUnigram && proto.Pieces.Any(p => p.Type == PieceType.UserDefined), "a user-defined piece of a unigram model");
        Refuse(proto.HasDenormalizer, "a table for the way back to text");
        Refuse(!proto.EscapesSpaces, "leaving spaces unescaped");
        Refuse(proto.HasSpaceAsSuffix, "the space as a suffix");
        foreach (var piece in proto.Pieces) Refuse(piece.Type == PieceType.Unused || !Enum.IsDefined(piece.Type), $"the type {piece.Type} of the piece '{piece.Text}'");
    }

    /// <summary>Control tokens, and the unknown one, are special, yet never found in a text; user-defined pieces are found there and not
    /// special.</summary>
    private static AddedToken? Added(Piece piece, int id) => piece.Type switch
    {
        PieceType.Control or PieceType.Unknown => new AddedToken(id, piece.Text) { IsSpecial = true, IsInText = false },
        PieceType.UserDefined => new AddedToken(id, piece.Text) { IsNormalized = true },
        _ => null,
    };

    private static NormalizerSequence Normalizer(SentencePieceProto proto, string file)
    {
        var steps = new List<INormalizer>();
        if (proto.CharacterMap.Length > 0) steps.Add(new CharacterMapNormalizer(new CharacterMap(proto.CharacterMap, file)));
        if (proto.RemovesExtraSpaces) steps.Add(new ExtraSpacesNormalizer(Mark));
        if (proto.AddsSpaceBefore) steps.Add(new PrependNormalizer($"{Mark}"));
        steps.Add(new ReplaceNormalizer(new LiteralPattern(" "), $"{Mark}"));
        return new NormalizerSequence(steps);
    }

    private static UnigramModel Unigram(List<(Piece Piece, int Id)> pieces, string file)
    {
        var normal = pieces.Where(p => p.Piece.Type == PieceType.Normal).Select(p => (p.Piece.Text, p.Id, (double)p.Piece.Score)).ToList();
        var unknown = pieces.Where(p => p.Piece.Type == PieceType.Unknown).Select(p => p.Id).ToList();
        if (normal is [] || unknown is not [var id]) throw new CheckpointException(file, null, "a unigram model has ordinary pieces and one for the unknown, and this has not");
        return new UnigramModel(normal, id);
    }

    /// <summary>Only ordinary pieces merge; the better the score, the earlier.</summary>
    private static BpeModel Bpe(SentencePieceProto proto, List<(Piece Piece, int Id)> pieces, Vocabulary vocabulary, string file)
    {
        var normal = pieces.Where(p => p.Piece.Type == PieceType.Normal).ToList();
        var rankOf = normal.Select(p => p.Piece.Score).Distinct().OrderDescending().Select((score, rank) => (score, rank)).ToDictionary();
        var mergeable = new Vocabulary(normal.Select(p => (p.Piece.Text, p.Id)), file);
        var merges = MergeTable.FromRanks(normal.Select(p => (p.Piece.Text, rankOf[p.Piece.Score])), mergeable);
        var unknown = pieces.Where(p => p.Piece.Type == PieceType.Unknown).Select(p => (int?)p.Id).FirstOrDefault();
        return new BpeModel(vocabulary, merges, new BpeRules { FallsBackToBytes = proto.FallsBackToBytes, Unknown = unknown, FusesUnknown = true });
    }

    private static DecoderSequence Decoder(SentencePieceProto proto)
    {
        var replace = new ReplaceDecoder(new LiteralPattern($"{Mark}"), " ");
        return new DecoderSequence(replace, new ByteFallbackDecoder(), new FuseDecoder(), new StripDecoder(' ', proto.AddsSpaceBefore ? 1 : 0, 0));
    }

    private static int? Bos(SentencePieceProto proto) =>
        proto.BosId >= 0 && proto.BosId < proto.Pieces.Count && proto.Pieces[proto.BosId].Type == PieceType.Control ? proto.BosId : null;
}
