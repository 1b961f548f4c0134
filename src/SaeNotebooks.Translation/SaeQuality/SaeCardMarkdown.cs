using System.Globalization;
using SaeNotebooks.Translation.Evaluation;

namespace SaeNotebooks.Translation.SaeQuality;

/// <summary>SAE cards for people.</summary>
public static class SaeCardMarkdown
{
    /// <summary>Tables over several SAEs under second-level headings, without a title.</summary>
    public static string Render(IReadOnlyList<SaeCard> cards) => string.Join('\n',
        "## Reconstruction\n",
        "BOS excluded. FVE: fraction of variance explained. CE recovered: how much of the loss between the zero-ablated and the clean model is "
            + "kept with the reconstruction spliced in.\n",
        MarkdownTable.Of(["Hook", "latents", "L0", "FVE", "CE recovered, all", "CE recovered, answers", "CE clean / spliced / zero, answers", "dead"],
            cards.Select(c => (string[])
            [
                c.Hook, c.Width.ToString(CultureInfo.InvariantCulture), Number(c.L0, 1), Number(c.ExplainedVariance, 4), Number(c.AllTokens.Recovered, 4),
                Number(c.AnswerTokens.Recovered, 4),
                $"{Number(c.AnswerTokens.Clean, 3)} / {Number(c.AnswerTokens.Spliced, 3)} / {Number(c.AnswerTokens.Zero, 3)}", Percent(c.Dead),
            ])),
        "## Names\n",
        "For each label the latent whose firing tells it best (Matthews' correlation), averaged over labels, and the share of latents whose correlation with "
            + "some label reaches the threshold; in brackets the same with shuffled labels. Language: every token of a sentence; task: the last prompt token; concept: the last token "
            + "of a word, by noun sense.\n",
        MarkdownTable.Of(["Hook", .. cards.SelectMany(c => c.Names).Select(n => n.Kind).Distinct().SelectMany(k => new[] { $"{k}: correlation", $"{k}: named" })],
            cards.Select(c => (string[])
            [
                c.Hook, .. c.Names.SelectMany(n => new[]
                {
                    $"{Number(n.MeanCorrelation, 2)} ({Number(n.ShuffledMeanCorrelation, 2)})", $"{Percent(n.NamedShare)} ({Percent(n.ShuffledNamedShare)})",
                }),
            ])),
        "## Sparse probing and absorption\n",
        "For each label a logistic probe on the one latent whose mean differs most with the label, on documents that it was not trained on: accuracy, in brackets that of a "
            + "probe on the whole activation and that of always saying what is more frequent. Absorption: share of the tokens with the label, as far as the second probe "
            + "recognises them, on which that latent is silent and a single other one writes most of what lies in the probe's direction; in brackets the share on which it "
            + "is silent at all. Means over labels.\n",
        Probes(cards),
        "## Firing rates\n",
        "Latents by log10 of the share of tokens on which they fire.\n",
        Densities(cards));

    private static string Probes(IReadOnlyList<SaeCard> cards)
    {
        string[] kinds = [.. cards.SelectMany(c => c.Probes).Select(p => p.Kind).Distinct()];
        return MarkdownTable.Of(["Hook", .. kinds.SelectMany(k => new[] { $"{k}: accuracy", $"{k}: absorption" })],
            cards.Select(c => (string[])
            [
                c.Hook, .. kinds.Select(k => c.Probes.Where(p => p.Kind == k).ToList()).SelectMany(of => of.Count == 0 ? ["–", "–"] : new[]
                {
                    $"{Number(of.Average(p => p.Probe.Accuracy), 2)} ({Number(of.Average(p => p.Probe.DenseAccuracy), 2)}, {Number(of.Average(p => p.Probe.Majority), 2)})",
                    $"{Percent(of.Average(p => p.Absorption.Rate))} ({Percent(of.Average(p => p.Absorption.Missed))})",
                }),
            ]));
    }

    private static string Densities(IReadOnlyList<SaeCard> cards)
    {
        var bins = cards.SelectMany(c => c.Density).Select(b => (b.Log10From, b.Log10To)).Distinct().Order().ToList();
        return MarkdownTable.Of(["Hook", .. bins.Select(b => $"{Number(b.Log10From, 1)} to {Number(b.Log10To, 1)}"), "never"],
            cards.Select(c => (string[])
            [
                c.Hook, .. bins.Select(b => (c.Density.FirstOrDefault(d => d.Log10From == b.Log10From)?.Latents ?? 0).ToString(CultureInfo.InvariantCulture)),
                Math.Round(c.Dead * c.Width).ToString(CultureInfo.InvariantCulture),
            ]));
    }

    private static string Percent(double share) => (100 * share).ToString("0.0", CultureInfo.InvariantCulture) + " %";

    private static string Number(double value, int digits) => value.ToString("F" + digits, CultureInfo.InvariantCulture);
}
