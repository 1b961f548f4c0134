using System.Text.Json;
using SaeNotebooks.Translation.Discovery;
using SaeNotebooks.Translation.Selection;

namespace SaeNotebooks.Translation.Tests.Selection;

public sealed class PoolSelectionTests : IDisposable
{
    private static readonly ScoredPair[] Pairs =
    [
        Pair("a", 90, 2, 5, 3, 10), Pair("b", 100, 3, 1, 9, 0), Pair("c", 70, 2.5, 8, 1, 40), Pair("d", 30, 9, 9, 0, 0), Pair("e", 95, 2.2, 2, 6, 20),
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("selection-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static ScoredPair Pair(string src, double? comet, double? ppl, double? targetPpl, double? first, double? second) =>
        new(src, src.ToUpperInvariant(), comet, ppl, new Dictionary<string, double?> { ["3_7"] = first, ["5_2"] = second }) { TargetPpl = targetPpl };

    private static string Order(SelectionRule rule, Strategy strategy, double budget = 1)
    {
        var selection = new PoolSelection(Pairs, rule);
        return string.Concat(selection.Select(strategy, budget, 1).Select(i => selection.Pairs[i].Src));
    }

    [Theory]
    [InlineData(Strategy.Quality, "beacd")]
    [InlineData(Strategy.Loss, "caebd")] // by the loss of the translation; d is not good enough
    [InlineData(Strategy.LeastActive, "baecd")] // sums 9, 13, 26, 41
    [InlineData(Strategy.MostActive, "ceabd")]
    public void The_order_is_the_strategys_and_what_is_not_good_enough_comes_last(Strategy strategy, string expected) =>
        Assert.Equal(expected, Order(new(QualityGate.AtLeast(70)), strategy));

    [Theory]
    [InlineData(Aggregation.Sum, "baec")]
    [InlineData(Aggregation.Max, "baec")] // 9, 10, 20, 40
    [InlineData(Aggregation.SumOfShares, "abce")] // 3/9 + 10/40 = 0.58, 1, 1/9 + 1 = 1.11, 6/9 + 20/40 = 1.17
    public void Latents_become_one_number(Aggregation aggregation, string expected) =>
        Assert.Equal(expected, Order(new(QualityGate.AtLeast(70)) { Aggregation = aggregation }, Strategy.LeastActive, 0.8));

    [Fact]
    public void The_loss_of_S2_can_be_that_of_the_whole_text() => Assert.Equal("bcead", Order(new(QualityGate.AtLeast(70)) { Loss = LossOver.Text }, Strategy.Loss));

    [Fact]
    public void The_gate_lets_through_what_reaches_it()
    {
        int Through(QualityGate gate) => new PoolSelection(Pairs, new(gate)).GoodEnough;
        Assert.Equal([4, 3, 0], new double[] { 70, 70.01, 101 }.Select(g => Through(QualityGate.AtLeast(g))));
        Assert.Equal([1, 2, 4, 5], new double[] { 0.2, 0.4, 0.99, 1 }.Select(g => Through(QualityGate.BestShare(g))));
        Assert.Equal(double.NegativeInfinity, new PoolSelection(Pairs, new(QualityGate.BestShare(1))).Threshold);
        foreach (var share in new[] { 0, -0.1, 1.01, double.NaN }) Assert.Throws<ArgumentException>(() => QualityGate.BestShare(share));
        Assert.Throws<ArgumentException>(() => QualityGate.AtLeast(double.NaN));
        Assert.Equal(["no gate", "the best 20 % by COMET", "COMET at least 0.8"], new[] { QualityGate.BestShare(1), QualityGate.BestShare(0.2), QualityGate.AtLeast(0.8) }.Select(g => g.ToString()));
    }

    [Fact]
    public void An_example_without_a_number_is_named_and_cannot_be_selected()
    {
        var selection = new PoolSelection([.. Pairs, Pair("f", null, 1, 1, 1, 1), Pair("g", 99, double.NaN, 1, 1, 1), Pair("h", 99, 1, null, 1, 1), Pair("i", 99, 1, 1, 1, null) with { Line = 12 }], new(QualityGate.BestShare(0.5)));
        Assert.Equal(Pairs, selection.Pairs);
        Assert.Equal(["example 5 has no number for its comet", "example 6 has no number for its ppl", "example 7 has no number for its target_ppl", "example 8 (line 12) has no number for its 5_2"], selection.LeftOut);
        Assert.Contains("No example can be selected: example 0 has no number for its ppl", Assert.Throws<ArgumentException>(() => new PoolSelection([Pair("a", 1, null, 1, 1, 1)], new(QualityGate.BestShare(1)))).Message);
        Assert.Contains("no perplexity of the translations alone", Assert.Throws<ArgumentException>(() => new PoolSelection([Pair("a", 1, 1, null, 1, 1)], new(QualityGate.BestShare(1)))).Message);
    }

    [Fact]
    public void Without_COMET_there_is_no_gate_and_no_S1()
    {
        ScoredPair[] pairs = [.. Pairs.Select(p => p with { Comet = null })];
        var open = new PoolSelection(pairs, new(QualityGate.BestShare(1)));
        Assert.Equal("dbaec", string.Concat(open.Select(Strategy.LeastActive, 1, 1).Select(i => open.Pairs[i].Src)));
        Assert.Contains("S1 quality needs COMET", Assert.Throws<ArgumentException>(() => open.Select(Strategy.Quality, 1, 1)).Message);
        var gated = new PoolSelection(pairs, new(QualityGate.BestShare(0.5)));
        Assert.Equal(5, gated.Select(Strategy.Random, 1, 1).Distinct().Count());
        Assert.Contains("S3 least active needs COMET", Assert.Throws<ArgumentException>(() => gated.Select(Strategy.LeastActive, 1, 1)).Message);
    }

    [Fact]
    public void Files_for_fine_tuning_hold_the_examples_best_first_and_a_table_says_what_they_hold()
    {
        var selection = new PoolSelection(Pairs, new(QualityGate.AtLeast(70)));
        Pick[] picks = [new(Strategy.LeastActive, 0.4, 1), new(Strategy.Random, 1, 2)];
        new SelectionExport(selection, AuthorsPrompts.Scoring, "zh", SftFormat.Prompt).Write(_folder, picks);
        new SelectionExport(selection, AuthorsPrompts.Scoring, "Chinese", SftFormat.Messages).Write(Path.Combine(_folder, "chat"), picks);

        Assert.Equal(["{\"prompt\":\"Please translate the following text into zh: \\nb \\n\",\"completion\":\"B\"}", "{\"prompt\":\"Please translate the following text into zh: \\na \\n\",\"completion\":\"A\"}"],
            File.ReadAllLines(Path.Combine(_folder, "LeastActive-40-1.jsonl")));
        Assert.Equal(5, File.ReadAllLines(Path.Combine(_folder, "Random-100-2.jsonl")).Distinct().Count());
        var messages = JsonDocument.Parse(File.ReadAllLines(Path.Combine(_folder, "chat", "LeastActive-40-1.jsonl"))[0]).RootElement.GetProperty("messages");
        Assert.Equal([("user", "Please translate the following text into Chinese: \nb \n"), ("assistant", "B")], messages.EnumerateArray().Select(m => (m.GetProperty("role").GetString(), m.GetProperty("content").GetString())));
        Assert.Equal(["file,strategy,budget,seed,examples,good_enough,mean_comet,mean_ppl,mean_activation", "LeastActive-40-1.jsonl,S3 least active,0.4,1,2,2,95,2.5,11", "Random-100-2.jsonl,S0 random,1,2,5,4,77,3.74,17.8"],
            File.ReadAllLines(Path.Combine(_folder, "selection.csv")));
    }
}
