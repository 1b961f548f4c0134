using SaeNotebooks.Training.Corpus;

namespace SaeNotebooks.Training.Tasks;

/// <summary>Draws the sentences that training documents are about; no sentence of a held-out meaning ever leaves here.</summary>
internal sealed class Passages(Grammar grammar)
{
    // A story of 8 sentences is free of test meanings in most draws; so many failures mean that the grammar holds out nearly everything.
    private const int Tries = 1000;

    private readonly MeaningSampler _sampler = new(grammar);

    /// <summary>One sentence by itself.</summary>
    public IReadOnlyList<Meaning> Sentence(Rng rng) => Trained(() => [_sampler.Sentence(rng)]);

    /// <summary>The beginning of a story.</summary>
    public IReadOnlyList<Meaning> Story(Rng rng, int sentences) => Trained(() => _sampler.Story(rng, sentences));

    private static IReadOnlyList<Meaning> Trained(Func<IReadOnlyList<Meaning>> draw)
    {
        for (var i = 0; i < Tries; i++)
        {
            var meanings = draw();
            if (!meanings.Any(HeldOut.IsTest)) return meanings;
        }
        throw new InvalidOperationException($"{Tries} draws in a row held a test meaning: the lexicon leaves too little to train on.");
    }
}
