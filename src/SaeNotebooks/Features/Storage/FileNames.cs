namespace SaeNotebooks.Features.Storage;

/// <summary>The files of an index's text. Each is an array without a header; T tokens, S sequences, V ids, L labels of all kinds together.</summary>
internal static class CorpusFiles
{
    public const string Folder = "corpus";

    /// <summary>[T] int32</summary>
    public const string Tokens = "tokens.i32";

    /// <summary>[T] 1 for a token that was encoded</summary>
    public const string Counted = "counted.u8";

    /// <summary>[S + 1] int64: where each sequence begins</summary>
    public const string Sequences = "sequences.i64";

    /// <summary>[S] int64: the document of each</summary>
    public const string Documents = "documents.i64";

    /// <summary>[L] int64: tokens that count with each label</summary>
    public const string LabelTokens = "label-tokens.i64";

    /// <summary>[V] uint32: how often each id occurs and counts</summary>
    public const string Occurrences = "occurrences.u32";

    /// <summary>[V] int32: where the text of each id ends in <see cref="Texts"/></summary>
    public const string TextEnds = "text-ends.i32";

    /// <summary>UTF-8</summary>
    public const string Texts = "texts.utf8";

    /// <summary>[T · kinds] the labels of each token, one of each kind, 255 for none</summary>
    public const string Labels = "labels.u8";
}

/// <summary>The files of one SAE; W latents, A entries, K facts per latent.</summary>
internal static class SaeFiles
{
    /// <summary>[W + 1] int64: where each latent's entries begin</summary>
    public const string Offsets = "offsets.i64";

    /// <summary>[A] uint32: where the latent fires, ascending</summary>
    public const string Places = "places.u32";

    /// <summary>[A] float16: how strongly, to be multiplied by the latent's scale</summary>
    public const string Values = "values.f16";

    /// <summary>[W] float32, powers of two, so that no activation is too large for float16</summary>
    public const string Scales = "scales.f32";

    /// <summary>[T + 1] int64: where each token's latents begin</summary>
    public const string TokenOffsets = "token-offsets.i64";

    /// <summary>[A] uint16: the latents of each token, ascending, lower half</summary>
    public const string Latents = "latents.u16";

    /// <summary>[A] uint8: upper part, only where W is above 65,536</summary>
    public const string LatentsHigh = "latents-high.u8";

    /// <summary>[W · <see cref="StatisticsPerLatent"/>] float32: max, mean, root mean square, four quantiles, bias</summary>
    public const string Statistics = "statistics.f32";

    /// <summary>[W · L] uint32: firings by label</summary>
    public const string LabelFires = "label-fires.u32";

    /// <summary>[W · L] float32: sums of activations by label</summary>
    public const string LabelSums = "label-sums.f32";

    /// <summary>[W · K] int32, and float32 cosines: nearest latents</summary>
    public const string Neighbours = "neighbours.i32", NeighbourCosines = "neighbour-cosines.f32";

    /// <summary>[W · 2K] int32, and float32 weights: top output tokens, then bottom ones</summary>
    public const string LogitTokens = "logit-tokens.i32", LogitWeights = "logit-weights.f32";

    /// <summary>[W · K] int32, −1 for none; uint32 tokens on which both fire; float32 correlations: latents that fire together</summary>
    public const string CoActive = "coactive.i32", CoActiveTogether = "coactive-together.u32", CoActiveCorrelations = "coactive-correlations.f32";

    public const int StatisticsPerLatent = 8;
}
