using Google.Protobuf;
using SaeNotebooks.Tokenization;
using SaeNotebooks.Tokenization.Formats;

namespace SaeNotebooks.Tests.Tokenization;

/// <summary>Tokenizers as Llama's, small enough to follow by hand: SentencePiece models and tiktoken ranks.</summary>
internal static class LlamaLikeSamples
{
    /// <summary>A piece, as <c>sentencepiece_model.proto</c> has it; types: 1 normal, 2 unknown, 3 control, 4 user-defined, 5 unused, 6 byte.</summary>
    public readonly record struct SamplePiece(string Text, float Score, int Type = 1);

    /// <summary>Unknown, the control tokens, all bytes, two user-defined pieces, letters, and merges the best of which comes first.</summary>
    public static List<SamplePiece> Pieces(params IReadOnlyList<string> merged) =>
    [
        new("<unk>", 0, 2), new("<s>", 0, 3), new("</s>", 0, 3), .. Enumerable.Range(0, 256).Select(b => new SamplePiece($"<0x{b:X2}>", 0, 6)),
        new("<turn>", 0, 4), new("▁▁", 0, 4),
        .. merged.Select((text, i) => new SamplePiece(text, -i)),
        .. new[] { "▁", "a", "b", "c", "é" }.Select((text, i) => new SamplePiece(text, -1000 - i)),
    ];

    /// <summary>Writes a model with as few fields as it takes.</summary>
    public static byte[] SentencePiece(IEnumerable<SamplePiece> pieces, int type = 2, bool addsSpace = true, bool removesSpaces = false, byte[]? map = null, int bos = 1, bool bytes = true)
    {
        using var memory = new MemoryStream();
        using var output = new CodedOutputStream(memory);
        foreach (var piece in pieces)
            Message(output, 1, p =>
            {
                p.WriteTag(1, WireFormat.WireType.LengthDelimited);
                p.WriteString(piece.Text);
                p.WriteTag(2, WireFormat.WireType.Fixed32);
                p.WriteFloat(piece.Score);
                Whole(p, 3, piece.Type);
            });
        Message(output, 2, t =>
        {
            Whole(t, 3, type);
            Whole(t, 35, bytes ? 1 : 0);
            Whole(t, 41, bos);
        });
        Message(output, 3, n =>
        {
            n.WriteTag(2, WireFormat.WireType.LengthDelimited);
            n.WriteBytes(ByteString.CopyFrom(map ?? []));
            Whole(n, 3, addsSpace ? 1 : 0);
            Whole(n, 4, removesSpaces ? 1 : 0);
        });
        output.Flush();
        return memory.ToArray();
    }

    /// <summary>Ranks of all bytes and a few words, in the byte alphabet.</summary>
    public static List<(string Text, int Rank)> Ranks() =>
        [.. ByteAlphabet.Characters.Select(c => c.ToString()).Concat(["ab", "er", "us", "abab", "user", "Ġab", "ĊĊ", "'s", "xyz"]).Select((t, i) => (t, i))];

    public static TokenizerParts TiktokenParts() => Llama3Tokens.Build(Ranks(), "ranks");

    private static void Message(CodedOutputStream output, int field, Action<CodedOutputStream> write)
    {
        using var memory = new MemoryStream();
        using var inner = new CodedOutputStream(memory);
        write(inner);
        inner.Flush();
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(memory.ToArray()));
    }

    private static void Whole(CodedOutputStream output, int field, int value)
    {
        output.WriteTag(field, WireFormat.WireType.Varint);
        output.WriteInt32(value);
    }
}
