using SaeNotebooks.Features;
using SaeNotebooks.Features.Interpretation;
using SaeNotebooks.Features.Interpretation.Lexical;

namespace SaeNotebooks.Tests.Features.Interpretation;

/// <summary>Latents whose rule is known, on a made-up corpus of random tokens in two languages and three tasks.</summary>
public class LexicalTests
{
    private const int Places = 20_000, Length = 20, Vocabulary = 60;
    private static readonly LabelKind[] Kinds = [new("language", ["en", "fr"]), new("task", ["translate", "repeat", "none"])];
    private static readonly int[] Tokens = Random(1, Places, Vocabulary);
    private static readonly byte[][] Labels = [PerSequence(2, 2), PerSequence(3, 3)];
    private static readonly bool[] Counted = [.. Enumerable.Range(0, Places).Select(i => i % Length != 0)];
    private static readonly LexicalCorpus Corpus = new(Tokens, [.. Enumerable.Range(0, Places).Select(i => i / Length)], Counted, Kinds, Labels, id => $" w{id}");
    private static readonly LexicalLabeller Labeller = new(Corpus);

    private static int[] Random(int seed, int count, int below)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(below))];
    }

    private static byte[] PerSequence(int seed, int below) => [.. Random(seed, Places / Length, below).SelectMany(l => Enumerable.Repeat((byte)l, Length))];

    private static int[] Where(Func<int, bool> fires) => [.. Enumerable.Range(0, Places).Where(i => Counted[i] && fires(i))];

    [Fact]
    public void A_planted_rule_is_found_and_a_shuffled_one_is_worth_nothing()
    {
        (Func<int, bool> Fires, string Text)[] planted =
        [
            (i => Tokens[i] is 3 or 7, "“·w3”, “·w7”"),
            (i => Tokens[i - 1] == 5, "after “·w5”"),
            (i => Labels[0][i] == 1, "language fr"),
            (i => Labels[0][i] == 1 && Labels[1][i] == 0, "language fr · task translate"),
            (i => Labels[1][i] == 2 && Tokens[i] == 9, "“·w9” · task none"),
            (i => Labels[0][i] == 0 && Labels[1][i] == 1 && Tokens[i] == 9, "“·w9” · language en · task repeat"),
        ];
        foreach (var (fires, text) in planted)
        {
            var label = Labeller.Label(4, Where(fires));

            Assert.Equal(string.Join(", ", text.Split(" · ")[0].Split(", ").Order()), string.Join(", ", label.Text.Split(" · ")[0].Split(", ").Order()));
            Assert.Equal(text.Split(" · ")[1..], label.Text.Split(" · ")[1..]);
            Assert.Equal(1, label.BalancedAccuracy);
            Assert.InRange(label.Scores[0].Control!.Value, 0.45, 0.56);
        }
    }

    [Fact]
    public void The_score_is_that_of_counting_on_the_other_half()
    {
        // Fires on w3, on some w4, and at random: no rule is perfect.
        var noise = Random(9, Places, 50);
        var firings = Where(i => Tokens[i] == 3 || Tokens[i] == 4 && noise[i] < 20 || noise[i] == 49);
        var label = Labeller.Label(0, firings);

        var tokens = label.Text.Split(", ").Select(t => int.Parse(t.Trim('“', '”', '·', 'w'), System.Globalization.CultureInfo.InvariantCulture)).ToHashSet();
        Assert.Superset(new HashSet<int> { 3, 4 }, tokens);
        int[] held = [.. Enumerable.Range(0, Places).Where(i => Counted[i] && i / Length % 2 == 1)];
        var fires = firings.ToHashSet();
        double Share(bool isFiring) => held.Where(i => fires.Contains(i) == isFiring).Average(i => tokens.Contains(Tokens[i]) == isFiring ? 1.0 : 0);
        Assert.Equal((Share(true) + Share(false)) / 2, label.BalancedAccuracy!.Value, 12);
    }

    [Fact]
    public void A_latent_that_fires_at_random_scores_like_its_control()
    {
        var noise = Random(5, Places, 30);
        var label = Labeller.Label(7, Where(i => noise[i] == 0));

        if (label.Scores is [var score]) Assert.InRange(score.BalancedAccuracy, 0.44, 0.56); // else no rule was worth its length
        Assert.InRange(label.Firings, 500, 800);
    }

    [Fact]
    public void The_same_firings_get_the_same_label()
    {
        var firings = Where(i => Tokens[i] == 11);
        Assert.Equal(Labeller.Label(2, firings).ToString(), new LexicalLabeller(Corpus).Label(2, firings).ToString());
        Assert.Matches(@"^2: “·w11” \(lexical 1\.00, shuffled 0\.\d\d\)$", Labeller.Label(2, firings).ToString());
    }

    [Fact]
    public void Latents_that_never_or_hardly_fire_are_said_to()
    {
        Assert.Equal("never fires on this corpus", Labeller.Label(1, []).Text);
        var rare = Labeller.Label(1, [.. Where(i => Tokens[i] == 11).Take(6)]);
        Assert.Equal(("fires too rarely to be labelled (6 times)", null), (rare.Text, rare.BalancedAccuracy));
    }

    [Fact]
    public void A_plain_text_without_labels_is_labelled_by_tokens_alone()
    {
        var plain = new LexicalCorpus(Tokens, [.. Enumerable.Range(0, Places).Select(i => i / Length)], Counted, [], [], id => $" w{id}");
        Assert.Equal("after “·w5”", new LexicalLabeller(plain).Label(0, Where(i => Tokens[i - 1] == 5)).Text);
    }

    [Fact]
    public void Labels_survive_their_file_and_other_files_are_refused()
    {
        using var folder = new TemporaryFolder();
        var (path, other) = (Path.Combine(folder.Path, "labels", "a.json"), Path.Combine(folder.Path, "other.json"));
        var labels = new LatentLabels(LatentLabels.FormatName, "tiny", "blocks.4.hook_resid_post", "abc", "made up",
            [new(0, "“·w3” <script>", LatentLabel.Lexical, 12, [new("lexical", 0.75, 0.5)]), new(1, "never fires on this corpus", LatentLabel.Lexical, 0, [])]);
        labels.Save(path);

        var read = LatentLabels.Load(path);
        Assert.Equal(labels.Labels.Select(l => l.ToString()), read.Labels.Select(l => l.ToString()));
        Assert.Equal(("abc", 0.75), (read.SaeHash, read[0]!.BalancedAccuracy));
        Assert.Null(read[5]);
        Assert.Equal(0, Assert.Single(read.Search("W3")).Latent);
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(path)!));

        foreach (var text in new[] { "{}", "[1]", "{\"format\":", "null", "{\"format\":\"sae-notebooks latent labels\"}" })
        {
            File.WriteAllText(other, text);
            Assert.Throws<FeatureIndexException>(() => LatentLabels.Load(other));
        }
    }
}
