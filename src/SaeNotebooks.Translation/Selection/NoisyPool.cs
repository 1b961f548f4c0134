using SaeNotebooks.Training.Corpus;
using SaeNotebooks.Training.Embedded;
using SaeNotebooks.Training.Tasks;
using SaeNotebooks.Translation.Evaluation;

namespace SaeNotebooks.Translation.Selection;

/// <summary>A translation example of a pool to select from.</summary>
/// <param name="Document">the prompt and the answer that training would see</param>
/// <param name="Reference">the right answer, which selection may know by its quality alone</param>
/// <param name="Noise">what is wrong with the answer</param>
public sealed record PoolExample(Document Document, string Reference, Noise Noise);

/// <summary>Translation examples of which a known share is wrong, each in a known way.</summary>
public static class NoisyPool
{
    private static readonly Noise[] Kinds = [Noise.WrongLanguage, Noise.Copied, Noise.Truncated, Noise.WrongSense, Noise.WordSalad];

    /// <summary>Draws a pool: sentences, wordings and language pairs that training may see.</summary>
    /// <param name="corpus">grammar and wordings</param>
    /// <param name="count">examples</param>
    /// <param name="noise">share of wrong ones; the five kinds are equally frequent</param>
    /// <param name="seed">of the draw</param>
    public static IReadOnlyList<PoolExample> Draw(EmbeddedCorpus corpus, int count, double noise, ulong seed)
    {
        if (!(noise is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(noise), noise, "The share of noise is between 0 and 1.");
        var sampler = new PromptSampler(corpus.Grammar, corpus.Wordings);
        var wordings = sampler.Wordings(TaskKind.Translate, WordingSplit.Train);
        var rng = new Rng(seed);
        return
        [
            .. Enumerable.Range(0, count).Select(_ =>
            {
                var document = sampler.Translation(rng, rng.Pick(PromptSampler.SeenPairs), wordings, Split.Train);
                return Spoil(document, rng.Chance(noise) ? rng.Pick(Kinds) : Noise.None, corpus.Grammar, rng);
            }),
        ];
    }

    /// <summary>An example whose answer is wrong in one way; a right one where that cannot be, as a single word cannot be shuffled.</summary>
    /// <param name="document">a translation with its right answer</param>
    /// <param name="noise">what is to be wrong</param>
    /// <param name="grammar">that made the document</param>
    /// <param name="rng">draws the other language, the length that is left, the other noun or the order</param>
    public static PoolExample Spoil(Document document, Noise noise, Grammar grammar, Rng rng)
    {
        var reference = document.Answer;
        var spoilt = Answer(document, noise, grammar, rng);
        return spoilt is null || spoilt == reference ? new(document, reference, Noise.None) // a word alone cannot be shuffled
            : new(WithAnswer(document, spoilt), reference, noise);
    }

    private static string? Answer(Document document, Noise noise, Grammar grammar, Rng rng)
    {
        var (meaning, words) = (document.Meanings[^1], document.Answer.Split(' '));
        return noise switch
        {
            Noise.None => document.Answer,
            Noise.WrongLanguage => grammar.Realize(meaning, rng.Pick(Languages.All.Where(l => l != document.Source && l != document.Target).ToArray())),
            Noise.Copied => grammar.Realize(meaning, document.Source),
            Noise.Truncated => string.Join(' ', words.Take(Math.Max(1, (int)(words.Length * (0.3 + 0.3 * rng.NextDouble()))))),
            Noise.WrongSense => WrongSense.Of(meaning, grammar, rng) is { } wrong ? grammar.Realize(wrong, document.Target) : null,
            Noise.WordSalad => string.Join(' ', words.Select(w => (Word: w, Place: rng.NextBits())).OrderBy(w => w.Place).Select(w => w.Word)),
            _ => throw new ArgumentOutOfRangeException(nameof(noise), noise, "There is no such noise."),
        };
    }

    private static Document WithAnswer(Document document, string answer) =>
        document with { Segments = [.. document.Segments.Where(s => s.Role != Role.Answer), new(Role.Answer, answer)] };
}
