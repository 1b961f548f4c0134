using Google.Protobuf;
using SaeNotebooks.Checkpoints;

namespace SaeNotebooks.Tokenization.Formats;

/// <summary>What a piece of a SentencePiece model is; numbers as in <c>sentencepiece_model.proto</c>.</summary>
internal enum PieceType
{
    Normal = 1,
    Unknown = 2,
    Control = 3,
    UserDefined = 4,
    Unused = 5,
    Byte = 6,
}

/// <summary>An entry of a SentencePiece vocabulary. Its id is its place in the list.</summary>
internal readonly record struct Piece(string Text, float Score, PieceType Type);

/// <summary>The fields of <c>sentencepiece_model.proto</c> that say how to encode; defaults are the schema's.</summary>
internal sealed class SentencePieceProto
{
    public const int Unigram = 1, Bpe = 2;

    public List<Piece> Pieces { get; } = [];

    public int ModelType { get; private set; } = Unigram;

    public bool FallsBackToBytes { get; private set; }

    public bool HasSpaceAsSuffix { get; private set; }

    public int BosId { get; private set; } = 1;

    /// <summary>The normaliser's compiled table of replacements; empty if characters stay as they are.</summary>
    public byte[] CharacterMap { get; private set; } = [];

    /// <summary>Whether a table of replacements goes with the way back.</summary>
    public bool HasDenormalizer { get; private set; }

    public bool AddsSpaceBefore { get; private set; } = true;

    public bool RemovesExtraSpaces { get; private set; } = true;

    public bool EscapesSpaces { get; private set; } = true;

    /// <exception cref="CheckpointException">the bytes are cut off or no protocol buffer</exception>
    public static SentencePieceProto Parse(byte[] content, string file)
    {
        var proto = new SentencePieceProto();
        try
        {
            Fields(new CodedInputStream(content), (field, input) =>
            {
                switch (field)
                {
                    case 1: proto.Pieces.Add(ReadPiece(input.ReadBytes().CreateCodedInput())); return true;
                    case 2: Fields(input.ReadBytes().CreateCodedInput(), proto.ReadTrainer); return true;
                    case 3: Fields(input.ReadBytes().CreateCodedInput(), proto.ReadNormalizer); return true;
                    case 5: Fields(input.ReadBytes().CreateCodedInput(), proto.ReadDenormalizer); return true;
                    default: return false;
                }
            });
        }
        catch (InvalidProtocolBufferException e) { throw new CheckpointException(file, null, $"is no whole SentencePiece model ({e.Message})", e); }
        return proto;
    }

    private static void Fields(CodedInputStream input, Func<int, CodedInputStream, bool> read)
    {
        while (input.ReadTag() is var tag and not 0)
            if (!read(WireFormat.GetTagFieldNumber(tag), input)) input.SkipLastField();
    }

    private static Piece ReadPiece(CodedInputStream input)
    {
        var piece = new Piece("", 0, PieceType.Normal);
        Fields(input, (field, value) =>
        {
            switch (field)
            {
                case 1: piece = piece with { Text = value.ReadString() }; return true;
                case 2: piece = piece with { Score = value.ReadFloat() }; return true;
                case 3: piece = piece with { Type = (PieceType)value.ReadEnum() }; return true;
                default: return false;
            }
        });
        return piece;
    }

    private bool ReadTrainer(int field, CodedInputStream input)
    {
        switch (field)
        {
            case 3: ModelType = input.ReadEnum(); return true;
            case 24: HasSpaceAsSuffix = input.ReadBool(); return true;
            case 35: FallsBackToBytes = input.ReadBool(); return true;
            case 41: BosId = input.ReadInt32(); return true;
            default: return false;
        }
    }

    private bool ReadNormalizer(int field, CodedInputStream input)
    {
        switch (field)
        {
            case 2: CharacterMap = input.ReadBytes().ToByteArray(); return true;
            case 3: AddsSpaceBefore = input.ReadBool(); return true;
            case 4: RemovesExtraSpaces = input.ReadBool(); return true;
            case 5: EscapesSpaces = input.ReadBool(); return true;
            default: return false;
        }
    }

    private bool ReadDenormalizer(int field, CodedInputStream input)
    {
        if (field != 2) return false;
        HasDenormalizer = !input.ReadBytes().IsEmpty;
        return true;
    }
}
