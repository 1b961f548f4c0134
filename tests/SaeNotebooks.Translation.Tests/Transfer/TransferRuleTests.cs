using System.Globalization;
using SaeNotebooks.Translation.Discovery;
using SaeNotebooks.Translation.Evaluation;
using SaeNotebooks.Translation.Study;
using SaeNotebooks.Translation.Transfer;

namespace SaeNotebooks.Translation.Tests.Transfer;

public class TransferRuleTests
{
    private const int Prompts = 40;

    /// <summary>Effects that are about so large on every prompt.</summary>
    private static IReadOnlyList<float> About(double mean, int phase) => [.. Enumerable.Range(0, Prompts).Select(p => (float)(mean * (1 + 0.3 * Math.Sin(p + phase))))];

    private static LatentId Id(int latent) => new(1, latent);

    [Fact]
    public void Contrasts_compare_each_latent_with_its_own_others_and_test_over_latents()
    {
        var effects = Enumerable.Range(0, 30).ToDictionary(Id, i => About(i < 10 ? -0.1 - 0.01 * i : -0.02 - 0.001 * i, i));
        var pairs = Enumerable.Range(0, 10).Select(i => (Id(i), (IReadOnlyList<LatentId>)[Id(10 + i), Id(20 + i)])).ToList();
        var contrast = new TransferAnalysis(effects).Compare("others", pairs);
        var slow = Enumerable.Range(0, 10).Average(i => Enumerable.Range(0, Prompts).Average(p => effects[Id(i)][p] - (effects[Id(10 + i)][p] + effects[Id(20 + i)][p]) / 2.0));
        Assert.Equal(slow, contrast.Effect.Value, 1e-9);
        Assert.Equal(Prompts, contrast.Effect.Count);
        var means = Enumerable.Range(0, 10).Select(i => effects[Id(i)].Average(e => (double)e) - (effects[Id(10 + i)].Average(e => (double)e) + effects[Id(20 + i)].Average(e => (double)e)) / 2).Order().ToList();
        Assert.Equal((means[4] + means[5]) / 2, contrast.Median, 1e-9);
        Assert.Equal(2 / 1024.0, contrast.P, 1e-12); // all ten differences have one sign, and no other choice of signs is as far from 0
        Assert.True(contrast.IsCost);
        var back = new TransferAnalysis(effects).Compare("others", pairs.Select(p => (p.Item2[0], (IReadOnlyList<LatentId>)[p.Item1])));
        Assert.False(back.IsCost); // significant, in the other direction
        Assert.False(new TransferAnalysis(effects).Compare("nothing", [(Id(0), [])]).IsCost);
    }

    [Fact]
    public void A_cost_needs_both_the_interval_and_the_corrected_test()
    {
        static Contrast Of(double high, double holm) => new("others", 9, new(-0.1, -0.2, high, 40), -0.1, 0.001, holm);
        Assert.True(Of(-0.01, 0.04).IsCost);
        Assert.False(Of(0.01, 0.04).IsCost);
        Assert.False(Of(-0.01, 0.06).IsCost);
        MatchingResult Result(bool random, bool controls) => new("x", [], Of(-0.01, random ? 0.01 : 1), Of(-0.01, controls ? 0.01 : 1), 0, new(0, 0, 0, 0), 0, new(1, 0, 0, 1));
        Assert.Equal([TransferVerdict.Transfers, TransferVerdict.Partly, TransferVerdict.Partly, TransferVerdict.NotShown],
            new[] { (true, true), (true, false), (false, true), (false, false) }.Select(c => Result(c.Item1, c.Item2).Verdict));
    }

    [Fact]
    public void A_match_counts_once_and_one_that_stands_for_a_found_latent_is_no_control()
    {
        // Found 0, 1 and 2, of which 0 and 1 have the same match, 100; controls 10 (matched with 110), 11 (with 102, the match of 2) and 12 (with 112).
        LatentMatch Match(int latent, int match) => new(Id(latent), Id(match), 0.5, true, 0.2);
        LatentMatch[] matches = [Match(0, 100), Match(1, 100), Match(2, 102), Match(10, 110), Match(11, 102), Match(12, 112)];
        LatentId?[] controlOf = [null, null, null, Id(0), Id(1), Id(2)];
        var (first, second) = (Enumerable.Range(0, 3).ToDictionary(Id, i => About(-0.3 + 0.1 * i, i)), new[] { 100, 102, 110, 112, 200, 202 }.ToDictionary(Id, i => About(-i / 1000.0, i)));
        float[] flat = [.. Enumerable.Repeat(0.5f, 300)];
        var ablations = new Ablations(new TransferAnalysis(second), new Dictionary<int, LastTokenFiring> { [1] = new(flat, flat) },
            new Dictionary<LatentId, IReadOnlyList<LatentId>> { [Id(100)] = [Id(200)], [Id(102)] = [Id(202)] });
        var result = TransferMatching.Result("x", matches, controlOf, new TransferAnalysis(first), ablations, new(3, 0, 0, 1));
        double Mean(int latent) => second[Id(latent)].Average(e => (double)e);
        Assert.Equal((2, 1), (result.OverPeers.Latents, result.Shared));
        Assert.Equal((Mean(100) - Mean(200) + Mean(102) - Mean(202)) / 2, result.OverPeers.Effect.Value, 1e-9);
        Assert.Equal((Mean(100) - Mean(110) + Mean(102) - Mean(112)) / 2, result.OverControls.Effect.Value, 1e-9);
        Assert.Equal((3, 3), (result.OfFound.Count(), result.OfControls.Count()));
        Assert.All(result.OfControls, c => Assert.Null(c.P));
        var corrected = TransferAnalysis.Corrected([result, result]);
        var p = corrected[0].OfFound.Select(l => l.P!.Value).Min();
        Assert.Equal(Math.Min(1, 6 * p), corrected[1].OfFound.Select(l => l.Holm!.Value).Min(), 1e-12); // three matches, in two ways
        Assert.Equal(1, corrected[0].OverPeers.Holm); // two latents can show nothing
        Assert.Equal([100, 102], TransferMatching.Sets(result, ablations.Peers, 2).First().Latents.Select(l => l.Latent));
        Assert.Equal([200, 202], TransferMatching.Sets(result, ablations.Peers, 2).Last().Latents.Select(l => l.Latent));
    }

    [Fact]
    public void Pairs_are_tested_against_all_ways_to_pair_them()
    {
        double[][] values = [[5, 1, 0, 2], [0, 3, 1, 1], [2, 0, 4, 0], [1, 2, 0, 1]];
        var orders = Orders([0, 1, 2, 3]).Select(order => values.Zip(order, (row, k) => row[k]).Average()).ToList();
        var test = PairingTest.Of(values, seed: 1);
        Assert.Equal(13 / 4.0, test.Mean);
        var exact = orders.Count(o => o >= 13 / 4.0) / (double)orders.Count;
        Assert.InRange(test.P, exact - 4 * Math.Sqrt(exact / 2000), exact + 4 * Math.Sqrt(exact / 2000)); // four standard errors of 2,000 draws
        Assert.InRange(test.Shuffled, orders.Average() - 0.1, orders.Average() + 0.1);
        Assert.Equal(1, PairingTest.Of([[2, 2], [2, 2]], seed: 1).P);
        Assert.Throws<ArgumentException>(() => PairingTest.Of([], seed: 1));

        static IEnumerable<int[]> Orders(int[] items) => items.Length == 0 ? [[]] : items.SelectMany(i => Orders([.. items.Except([i])]).Select(rest => (int[])[i, .. rest]));
    }

    [Fact]
    public void Found_latents_are_those_that_the_tables_of_the_study_call_significant()
    {
        var folder = Path.Combine(Corpora.DataFolder, "studies", "translation-switch-tiny");
        var found = FoundLatents.Of(CardFile.FromJson<StudyReport>(File.ReadAllText(Path.Combine(folder, "card.json"))));
        List<Dictionary<string, string>> Table(string name)
        {
            var lines = File.ReadLines(Path.Combine(folder, "tables", name)).Select(l => l.Split(',')).ToList();
            return [.. lines.Skip(1).Select(cells => lines[0].Zip(cells).ToDictionary(c => c.First, c => c.Second)).Where(row => row["factor"] == "0")];
        }
        double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
        var screened = Table("screening.csv").Where(r => Number(r["beyond controls"]) < 0 && Number(r["Holm"]) < 0.05).Select(r => r["Latent"]);
        var generated = Table("verification.csv").Where(r => r["group"] == "Best" && Number(r["quality"]) < 0 && Number(r["Holm"]) < 0.05).Select(r => r["Latent"]);
        Assert.Equal(screened.Concat(generated).Distinct().Order(), found.Causal.Select(l => l.ToString()).Order());
        Assert.Empty(found.Causal.Except(found.Suspects));
        var costly = Table("verification.csv").Where(r => r["group"] != "Best" && Number(r["quality"]) < 0 && Number(r["p quality"]) < 0.05).Select(r => r["Latent"]).ToList();
        Assert.NotEmpty(costly); // what that study drew without looking at effects, and which turned out to cost something
        Assert.Empty(costly.Except(found.Suspects.Select(l => l.ToString())));
    }
}
