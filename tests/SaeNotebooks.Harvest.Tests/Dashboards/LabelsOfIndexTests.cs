using SaeNotebooks.Features;
using SaeNotebooks.Features.Interpretation;
using SaeNotebooks.Features.Interpretation.Lexical;
using SaeNotebooks.Tokenization.Chats;

namespace SaeNotebooks.Harvest.Tests.Dashboards;

/// <summary>Labels of the embedded model's latents.</summary>
public sealed class LabelsOfIndexTests(Embedded embedded) : IClassFixture<Embedded>
{
    private SaeIndex Index { get; } = embedded.Index.Of(embedded.Sae, embedded.Bench.Model);

    [Fact]
    public void Every_latent_gets_a_label_and_the_shuffled_ones_tell_nothing()
    {
        var labels = LatentLabels.FindOrMake(Index);
        Assert.Equal(Enumerable.Range(0, Index.Width), labels.Labels.Select(l => l.Latent));
        Assert.All(labels.Labels, l => Assert.Equal(Index.Statistics(l.Latent).Fires, l.Firings));
        Assert.All(labels.Labels.Where(l => l.Firings == 0), l => Assert.Equal("never fires on this corpus", l.Text));

        var scores = labels.Labels.SelectMany(l => l.Scores).ToArray();
        Assert.InRange(scores.Length, 100, Index.Width); // few latents fire often enough in so little text
        var (real, shuffled) = (scores.Average(s => s.BalancedAccuracy), scores.Select(s => s.Control).OfType<double>().Average());
        Assert.InRange(shuffled, 0.48, 0.52);
        Assert.True(real > shuffled + 0.1, $"{real} and shuffled {shuffled}");
    }

    [Fact]
    public void Labels_are_kept_and_those_of_another_sae_are_not_taken()
    {
        var (made, path) = (LatentLabels.FindOrMake(Index), LatentLabels.PathOf(Index));
        Assert.Equal(made.Labels.Select(l => l.ToString()), LatentLabels.Find(Index)!.Labels.Select(l => l.ToString()));
        Assert.Equal(made[7]!.ToString(), new LexicalLabeller(Index.Corpus).Label(Index, 7).ToString());

        (made with { SaeHash = "another" }).Save(path);
        Assert.Null(LatentLabels.Find(Index));
        made.Save(path);
        Assert.Equal(made[7]!.Text, Features.Dashboards.Dashboard.Show(Index, 7).Label!.Text);
    }

    [Fact]
    public void Evidence_is_from_the_whole_range_and_held_out_texts_are_not_shown()
    {
        var latent = Enumerable.Range(0, Index.Width).OrderByDescending(l => Index.Statistics(l).Fires).ElementAt(150);
        var evidence = LatentEvidence.Of(Index, latent, new() { Shown = 10, HeldOut = 8 });

        var sequences = new[] { evidence.Shown, evidence.Active, evidence.Silent }.Select(p => p.Select(e => e.Sequence).ToArray()).ToArray();
        Assert.All(sequences, s => Assert.Equal(s.Distinct(), s));
        Assert.Empty(sequences[0].Intersect(sequences[1]).Concat(sequences[0].Intersect(sequences[2])).Concat(sequences[1].Intersect(sequences[2])));
        Assert.NotEmpty(evidence.Active);
        Assert.NotEmpty(evidence.Silent);
        Assert.All(evidence.Shown.Concat(evidence.Active), e => Assert.True(e.Activation > 0));
        Assert.All(evidence.Silent, e => Assert.All(e.Activations, a => Assert.Equal(0, a)));
        Assert.Equal(Index.Statistics(latent).Max, evidence.Shown.Max(e => e.Activation), Index.Statistics(latent).Max * 2e-3);
    }

    [Fact]
    public async Task A_language_model_that_knows_the_latent_gets_a_perfect_score()
    {
        // The judge knows by heart on which texts the latent fires, and where; it stands for a model that understood the explanation.
        var latent = Enumerable.Range(0, Index.Width).OrderByDescending(l => Index.Statistics(l).Fires).ElementAt(150);
        var options = new EvidenceOptions { Shown = 10, HeldOut = 8 };
        var evidence = LatentEvidence.Of(Index, latent, options);
        var right = evidence.Active.SelectMany(e => new[] { MarkedText.Plain(e), MarkedText.Marked(e) }).ToHashSet();
        var label = await new Interpreter(new Oracle(right), options: options).Interpret(Index, latent);

        Assert.Equal(("what it is", "oracle"), (label.Text, label.Source));
        Assert.Equal(["detection", "fuzzing"], label.Scores.Select(s => s.Method));
        Assert.All(label.Scores, s => Assert.Equal(1, s.BalancedAccuracy));
    }

    [Fact]
    public async Task A_latent_that_never_fires_costs_no_question_and_one_bad_answer_does_not_stop_the_others()
    {
        var dead = Enumerable.Range(0, Index.Width).First(l => Index.Statistics(l).NeverFires);
        var busy = Enumerable.Range(0, Index.Width).MaxBy(l => Index.Statistics(l).Fires);
        var silent = new Oracle([]) { Explanation = "line one\nline two" };
        var labels = await new Interpreter(silent).Interpret(Index, [dead, busy]);

        Assert.Equal("never fires on this corpus", labels[dead]!.Text);
        Assert.StartsWith("not explained: oracle ended with no line", labels[busy]!.Text, StringComparison.Ordinal);
        Assert.Equal(1, silent.Asked);
    }

    private sealed class Oracle(HashSet<string> right) : ILanguageModel
    {
        public string Name => "oracle";

        public string Explanation { get; init; } = "EXPLANATION: what it is";

        public int Asked { get; private set; }

        public Task<string> Answer(Chat chat, int longest = 500, CancellationToken cancellation = default)
        {
            Asked++;
            var texts = chat.Messages[^1].Text.Split('\n').Where(l => l.StartsWith("Text ", StringComparison.Ordinal)).Select(l => l[(l.IndexOf(": ", StringComparison.Ordinal) + 2)..]).ToArray();
            return Task.FromResult(texts.Length == 0 ? Explanation : $"[{string.Join(",", texts.Select(t => right.Contains(t) ? 1 : 0))}]");
        }
    }
}
