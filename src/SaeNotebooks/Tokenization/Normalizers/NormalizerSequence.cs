namespace SaeNotebooks.Tokenization.Normalizers;

/// <summary>One normaliser after the other; none at all leaves the text as it is.</summary>
internal sealed class NormalizerSequence(params IReadOnlyList<INormalizer> normalizers) : INormalizer
{
    public AlignedText Normalize(AlignedText text) => normalizers.Aggregate(text, (t, normalizer) => normalizer.Normalize(t));
}
