using System.Text.RegularExpressions;
using SaeNotebooks.Training.Corpus;

namespace SaeNotebooks.Translation.Judging;

/// <summary>
/// Tells the language of a text of the corpus: the one that knows the largest share of its words, and among equals the one in which
/// they are likeliest. Vocabularies come from realised sentences, so they hold inflected forms and closed-class words alike, and nothing else: texts
/// outside of the corpus are for <see cref="OffTask.LanguageIdentifier"/>, which needs models. Immutable.
/// </summary>
public sealed partial class LanguageGuesser
{
    /// <summary>A text of which no language knows this share of the words is in none of them.</summary>
    private const double LeastKnown = 0.5;

    private readonly Vocabulary[] _vocabularies;

    private LanguageGuesser(Vocabulary[] vocabularies) => _vocabularies = vocabularies;

    /// <summary>Collects vocabularies from sentences of the grammar.</summary>
    /// <param name="grammar">the grammar</param>
    /// <param name="sentences">meanings to draw; each is realised in every language</param>
    /// <param name="seed">of the draw</param>
    public static LanguageGuesser Build(Grammar grammar, int sentences = 6000, ulong seed = 1)
    {
        var (sampler, rng) = (new MeaningSampler(grammar), new Rng(seed));
        var vocabularies = Languages.All.Select(_ => new Vocabulary()).ToArray();
        for (var i = 0; i < sentences; i++)
        {
            var meaning = sampler.Sentence(rng);
            foreach (var language in Languages.All)
                foreach (var word in Words(grammar.Realize(meaning, language))) vocabularies[(int)language].Add(word);
        }
        return new(vocabularies);
    }

    /// <summary>The language of a text, or null if it has no words or no language knows half of them.</summary>
    public Language? Guess(string text)
    {
        var words = Words(text).ToList();
        if (words.Count == 0) return null;
        var best = Languages.All.MaxBy(l => (_vocabularies[(int)l].Known(words), _vocabularies[(int)l].LogLikelihood(words)));
        return _vocabularies[(int)best].Known(words) >= LeastKnown ? best : null;
    }

    /// <summary>The share of a text's words that a language knows; 0 for a text without words.</summary>
    public double Known(string text, Language language)
    {
        var words = Words(text).ToList();
        return words.Count == 0 ? 0 : _vocabularies[(int)language].Known(words);
    }

    /// <summary>Lower-case words; an elided article (l', d', qu') is a word.</summary>
    internal static IEnumerable<string> Words(string text) => Word().Matches(text.ToLowerInvariant()).Select(m => m.Value);

    [GeneratedRegex(@"\p{L}+['’]?|\p{N}+")]
    private static partial Regex Word();

    /// <summary>Counts of the words of one language.</summary>
    private sealed class Vocabulary
    {
        private readonly Dictionary<string, int> _counts = [];
        private int _total;

        public void Add(string word)
        {
            _counts[word] = _counts.GetValueOrDefault(word) + 1;
            _total++;
        }

        public double Known(List<string> words) => words.Count(_counts.ContainsKey) / (double)words.Count;

        /// <summary>Mean per word, with half a count for every word that is not known.</summary>
        public double LogLikelihood(List<string> words) => words.Average(w => Math.Log((_counts.GetValueOrDefault(w) + 0.5) / (_total + 0.5)));
    }
}
