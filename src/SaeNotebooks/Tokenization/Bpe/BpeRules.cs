namespace SaeNotebooks.Tokenization.Bpe;

/// <summary>What a byte-pair encoding does besides merging.</summary>
internal sealed record BpeRules
{
    /// <summary>Whether a piece that is itself in the vocabulary is taken whole.</summary>
    public bool IgnoresMerges { get; init; }

    /// <summary>Whether a character that the vocabulary lacks becomes the tokens <c>&lt;0x00&gt;</c> to <c>&lt;0xFF&gt;</c> of its
    /// bytes.</summary>
    public bool FallsBackToBytes { get; init; }

    /// <summary>The token for a character that is still unknown; null if that is an error.</summary>
    public int? Unknown { get; init; }

    /// <summary>Whether unknown characters in a row become one such token.</summary>
    public bool FusesUnknown { get; init; }
}
