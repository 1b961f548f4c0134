using System.Buffers.Text;
using System.Text;
using SaeNotebooks.Checkpoints;

namespace SaeNotebooks.Tokenization.Formats;

/// <summary><c>tokenizer.model</c> of Llama 3: ranks as tiktoken has them, a line for each token with its bytes in base 64 and its
/// rank. Pattern and special tokens are not in the file, so only the size of Llama 3's is taken.</summary>
internal sealed class TiktokenFormat : ITokenizerFormat
{
    public string Name => "tiktoken's ranks";

    public bool Recognizes(ReadOnlySpan<byte> content)
    {
        var end = content.IndexOf((byte)'\n');
        return TryReadLine(end < 0 ? content : content[..end], out _, out _);
    }

    public TokenizerParts Read(byte[] content, string file)
    {
        var ranks = ReadRanks(content, file);
        return ranks.Count == Llama3Tokens.Ranks ? Llama3Tokens.Build(ranks, file)
            : throw new CheckpointException(file, null, $"has {ranks.Count} tiktoken ranks; supported are Llama 3's, {Llama3Tokens.Ranks}");
    }

    /// <summary>The tokens in GPT-2's byte alphabet, with their ranks.</summary>
    internal static List<(string Text, int Rank)> ReadRanks(ReadOnlySpan<byte> content, string file)
    {
        var ranks = new List<(string, int)>();
        foreach (var range in content.Split((byte)'\n'))
        {
            var line = content[range].TrimEnd((byte)'\r');
            if (line.IsEmpty) continue;
            if (!TryReadLine(line, out var token, out var rank))
                throw new CheckpointException(file, null, $"line {ranks.Count + 1} is not a token in base 64 and its rank");
            ranks.Add((ByteAlphabet.Encode(token), rank));
        }
        return ranks;
    }

    private static bool TryReadLine(ReadOnlySpan<byte> line, out byte[] token, out int rank)
    {
        (token, rank) = ([], 0);
        var space = line.IndexOf((byte)' ');
        if (space <= 0 || !Base64.IsValid(line[..space])
            || !Utf8Parser.TryParse(line[(space + 1)..], out rank, out var read) || read != line.TrimEnd((byte)'\r').Length - space - 1) return false;
        token = Convert.FromBase64String(Encoding.ASCII.GetString(line[..space]));
        return token.Length > 0;
    }
}
