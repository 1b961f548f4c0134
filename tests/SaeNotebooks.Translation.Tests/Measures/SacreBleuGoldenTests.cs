using System.Text.Json;
using SaeNotebooks.Translation.Measures;
using SaeNotebooks.Translation.Measures.EditRate;
using SaeNotebooks.Translation.Measures.Tokenizers;

namespace SaeNotebooks.Translation.Tests.Measures;

/// <summary>Hundreds of small corpora with the scores of another implementation; Goldens/README.md says which.</summary>
public class SacreBleuGoldenTests
{
    private const double Tolerance = 1e-9;

    private sealed record Case(string[] Hypotheses, string[][] References, Dictionary<string, double> Bleu, Dictionary<string, double> ChrF, Dictionary<string, double> Ter);

    private static readonly Lazy<IReadOnlyList<Case>> Cases = new(() => [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Measures", "Goldens", "sacrebleu.jsonl"))
        .Select(line => JsonSerializer.Deserialize<Case>(line, new JsonSerializerOptions { PropertyNameCaseInsensitive = true })!)]);

    [Theory]
    [InlineData("13a")]
    [InlineData("intl")]
    [InlineData("zh")]
    [InlineData("char")]
    [InlineData("none")]
    public void Tokenizers(string name) => Compare(c => c.Bleu[name], new Bleu { Tokenizer = SegmentTokenizer.Named(name) });

    [Fact]
    public void Smoothing_effective_order_and_case()
    {
        Compare(c => c.Bleu["13a eff"], new Bleu { EffectiveOrder = true });
        Compare(c => c.Bleu["13a lc"], new Bleu { Lowercase = true });
        Compare(c => c.Bleu["13a floor"], new Bleu { Smoothing = BleuSmoothing.Floor });
        Compare(c => c.Bleu["13a floor 0.5 eff"], new Bleu { Smoothing = BleuSmoothing.Floor, SmoothingValue = 0.5, EffectiveOrder = true });
        Compare(c => c.Bleu["13a add-k eff"], new Bleu { Smoothing = BleuSmoothing.AddK, EffectiveOrder = true });
        Compare(c => c.Bleu["13a none"], new Bleu { Smoothing = BleuSmoothing.None });
        Compare(c => c.Bleu["char lc eff"], new Bleu { Tokenizer = SegmentTokenizer.Characters, Lowercase = true, EffectiveOrder = true });
    }

    [Fact]
    public void Character_F()
    {
        Compare(c => c.ChrF["chrf"], ChrF.Default);
        Compare(c => c.ChrF["chrf++"], ChrF.PlusPlus);
        Compare(c => c.ChrF["lc"], ChrF.PlusPlus with { Lowercase = true });
        Compare(c => c.ChrF["space"], ChrF.Default with { Whitespace = true });
        Compare(c => c.ChrF["eps"], ChrF.PlusPlus with { EpsilonSmoothing = true });
        Compare(c => c.ChrF["beta3"], ChrF.Default with { Beta = 3 });
    }

    [Fact]
    public void Translation_edit_rate()
    {
        Compare(c => c.Ter["ter"], TranslationEditRate.Default);
        Compare(c => c.Ter["norm"], new TranslationEditRate { Normalized = true });
        Compare(c => c.Ter["norm asian"], new TranslationEditRate { Normalized = true, AsianSupport = true });
        Compare(c => c.Ter["nopunct"], new TranslationEditRate { NoPunctuation = true });
        Compare(c => c.Ter["all"], new TranslationEditRate { Normalized = true, NoPunctuation = true, AsianSupport = true });
        Compare(c => c.Ter["cased"], new TranslationEditRate { CaseSensitive = true });
    }

    private static void Compare(Func<Case, double> golden, Bleu bleu) => Compare(golden, (h, r) => bleu.Corpus(h, r).Score);

    private static void Compare(Func<Case, double> golden, ChrF chrF) => Compare(golden, chrF.Corpus);

    private static void Compare(Func<Case, double> golden, TranslationEditRate rate) => Compare(golden, rate.Corpus);

    private static void Compare(Func<Case, double> golden, Func<IReadOnlyList<string>, IReadOnlyList<IReadOnlyList<string>>, double> score)
    {
        var wrong = Cases.Value.Where(c => !(Math.Abs(golden(c) - score(c.Hypotheses, c.References)) < Tolerance)).ToList();
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {Cases.Value.Count} differ, such as {JsonSerializer.Serialize(wrong.FirstOrDefault()?.Hypotheses)}, "
            + $"{JsonSerializer.Serialize(wrong.FirstOrDefault()?.References)}: {(wrong is [var w, ..] ? (golden(w), score(w.Hypotheses, w.References)) : default)}");
    }
}
