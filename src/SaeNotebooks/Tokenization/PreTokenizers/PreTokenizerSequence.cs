namespace SaeNotebooks.Tokenization.PreTokenizers;

/// <summary>Cuts each piece further; no steps at all leave the text whole.</summary>
internal sealed class PreTokenizerSequence(params IReadOnlyList<IPreTokenizer> steps) : IPreTokenizer
{
    public IEnumerable<AlignedText> Split(AlignedText piece) =>
        steps.Aggregate<IPreTokenizer, IEnumerable<AlignedText>>([piece], (pieces, step) => pieces.SelectMany(step.Split));
}
