using System.Globalization;
using SaeNotebooks.Training.Corpus;
using SaeNotebooks.Translation.Judging;

namespace SaeNotebooks.Translation.Evaluation;

/// <summary>A model card for people.</summary>
public static class ModelCardMarkdown
{
    /// <summary>The measured part of a card: tables under second-level headings, without a title.</summary>
    public static string Render(ModelCard card) => string.Join('\n',
        "## Perplexity\n",
        $"Stories of {card.Options.SentencesPerStory} sentences in which at least one is held out.\n",
        MarkdownTable.Of(["Language", "per token", "per word", "tokens"],
            card.Perplexity.Select(p => (string[])[p.Language.ToString(), Number(p.PerToken), Number(p.PerWord), p.Tokens.ToString(CultureInfo.InvariantCulture)])),
        "## Translation\n",
        "Held-out sentences; 95 % bootstrap intervals. *Set-exact*: one of the translations compatible with the source text. *Exact*: the one "
            + "reference. *Off task*: a copy, another text in the source's language, another language, nothing, or no end.\n",
        Summary(card),
        "The *nearest template* copies the answer of the training example of the same pair whose source shares most words: "
            + string.Join("; ", card.Summary.Where(s => s.NearestTemplate is not null).Select(s =>
                $"{Wordings(s.WordingSeen)}, set-exact {s.NearestTemplate!.SetExact.Percent}, chrF {Number(s.NearestTemplate.ChrF)}")) + ".\n",
        "### Per pair\n",
        "Set-exact in percent and chrF; *held-out pairs* are never put together in training.\n",
        Grid(card, wordingSeen: true), Grid(card, wordingSeen: false),
        "### Off task by strength of the wording\n",
        MarkdownTable.Of(["Wordings", "off task", .. Enum.GetNames<Outcome>()],
            card.OffTask.Select(r => (string[])[$"{Seen(r.WordingSeen)}, {r.Strength.ToString().ToLowerInvariant()}", r.OffTask.Percent, .. Counts(r.Outcomes)])),
        "### From examples alone\n",
        $"{card.Options.Examples} solved examples, no instruction.\n",
        MarkdownTable.Of(["Pairs", "set-exact", "exact", "chrF", "off task"], card.FewShot.Select(f => Row(Seen(f.PairSeen), f.Score))),
        "## Other tasks\n",
        "*Right* for a continuation of 1 to 3 sentences of a story: a sentence in their language that ends and copies none of them.\n",
        MarkdownTable.Of(["Task, wordings", "right", .. Enum.GetNames<Outcome>()],
            card.Tasks.Select(t => (string[])[$"{t.Task}, {Seen(t.WordingSeen)}", t.Right.Percent, .. Counts(t.Outcomes)])),
        "## Held out\n",
        string.Create(CultureInfo.InvariantCulture, $"Of {card.Leak.TestSentences:N0} test sentences, {card.Leak.Found} occur in the first {card.Leak.Documents:N0} ")
            + $"training documents, {card.Leak.PairsFound} of them together with their translation.\n");

    private static string Summary(ModelCard card) => MarkdownTable.Of(["Pairs, wordings", "set-exact", "exact", "chrF", "off task"],
        card.Summary.Select(s => Row($"{Seen(s.PairSeen)} pairs, {Wordings(s.WordingSeen)}", s.Score)));

    private static string[] Row(string name, TranslationScore score) =>
        [name, score.SetExact.Percent, score.SingleExact.Percent, Number(score.ChrF), score.OffTask.Percent];

    /// <summary>Sources down, targets across.</summary>
    private static string Grid(ModelCard card, bool wordingSeen)
    {
        var cells = card.Pairs.Where(p => p.WordingSeen == wordingSeen).ToDictionary(p => (p.Source, p.Target));
        string Cell(Language source, Language target) => !cells.TryGetValue((source, target), out var cell) ? "–"
            : string.Create(CultureInfo.InvariantCulture, $"{100 * cell.Score.SetExact.Value:0} / {cell.Score.ChrF:0}") + (cell.PairSeen ? "" : " (held out)");
        return MarkdownTable.Of([$"{Seen(wordingSeen)} wordings, from ↓ into →", .. Languages.All.Select(l => l.Code())],
            Languages.All.Select(source => (string[])[source.Code(), .. Languages.All.Select(target => Cell(source, target))]));
    }

    private static IEnumerable<string> Counts(IReadOnlyDictionary<Outcome, int> outcomes) =>
        Enum.GetValues<Outcome>().Select(o => outcomes.GetValueOrDefault(o).ToString(CultureInfo.InvariantCulture));

    private static string Number(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);

    private static string Seen(bool seen) => seen ? "seen" : "held-out";

    private static string Wordings(bool seen) => Seen(seen) + " wordings";
}
