using SaeNotebooks.Features;
using static TorchSharp.torch;

namespace SaeNotebooks.Harvest.Tests;

/// <summary>Every latent of an SAE, and every kind of answer, against the slow twin. Batches round differently from single documents, and values are stored in
/// float16, so values agree to three digits; a latent within rounding of its threshold may be there in one and not in the other.</summary>
public sealed class IndexAgainstBruteForceTests(Embedded embedded)
{
    private const double Digits = 2e-3;
    private static BruteForce? s_twin, s_other;

    private BruteForce Twin => s_twin ??= BruteForce.Of(embedded.Bench.Model, embedded.Sae, embedded.Corpus);

    private BruteForce Other => s_other ??= BruteForce.Of(embedded.Bench.Model, embedded.Other, embedded.Corpus);

    private SaeIndex Index { get; } = embedded.Index.Of(embedded.Sae, embedded.Bench.Model);

    /// <summary>Latents that fire now and then, from the most often to the most seldom.</summary>
    private IEnumerable<int> Some => Enumerable.Range(0, Index.Width).Where(l => Index.Statistics(l).Fires > 3).OrderByDescending(l => Index.Statistics(l).Fires).Where((_, i) => i % 40 == 0);

    [Fact]
    public void The_text_is_that_of_the_corpus()
    {
        var corpus = embedded.Index.Corpus;
        Assert.Equal(Twin.Ids, Enumerable.Range(0, corpus.Sequences).SelectMany(s => corpus.TokenIds(s).ToArray()));
        Assert.Equal(Twin.Counted, Enumerable.Range(0, Twin.Ids.Length).Select(t => corpus.Counts(t)));
        Assert.Equal(Twin.Sequences, Enumerable.Range(0, Twin.Ids.Length).Select(t => corpus.PlaceOf(t).Sequence));
        Assert.Equal((Twin.Ids.Length, Twin.CountedTokens, Embedded.Documents), (corpus.Tokens, corpus.Counted, corpus.Sequences));
        Assert.All(Twin.Ids.Distinct(), id => Assert.Equal(embedded.Bench.Model.TokenOf(id).Text, corpus.TextOf(id)));
        Assert.All(Twin.Ids.Distinct(), id => Assert.Equal(Twin.Ids.Index().Count(t => t.Item == id && Twin.Counted[t.Index]), corpus.OccurrencesOf(id)));
    }

    [Fact]
    public void Every_latent_fires_where_the_twin_says_and_as_strongly()
    {
        var differing = 0;
        for (var latent = 0; latent < Index.Width; latent++)
        {
            var expected = Twin.Firings(latent).ToDictionary(f => (long)f.Place, f => f.Value);
            var found = Index.Occurrences(latent);
            for (var i = 0; i < found.Count; i++)
            {
                if (i > 0) Assert.True(found.Places[i] > found.Places[i - 1]);
                if (expected.Remove(found.Places[i], out var value)) Assert.Equal(value, found[i], value * Digits);
                else differing++;
            }
            differing += expected.Count;
        }
        Assert.InRange(differing, 0, Index.Corpus.Counted / 1000); // at the threshold, of some 30 firings per token
    }

    [Fact]
    public void Statistics_of_every_latent_agree()
    {
        for (var latent = 0; latent < Index.Width; latent++)
        {
            var (expected, found) = (Twin.Firings(latent), Index.Statistics(latent));
            Assert.Equal(embedded.Sae.EncoderBias[latent].item<float>(), found.Bias);
            Assert.Equal(found.Fires / (double)Twin.CountedTokens, found.Rate, 1e-12);
            if (found.Fires != expected.Length) continue; // a firing at the threshold; counted above
            if (found.NeverFires)
            {
                Assert.Equal((0f, 0f), (found.Max, found.Mean));
                continue;
            }
            float[] sorted = [.. expected.Select(f => f.Value).Order()];
            Assert.Equal(sorted[^1], found.Max, sorted[^1] * Digits);
            Assert.Equal(sorted.Average(), found.Mean, sorted[^1] * Digits);
            Assert.Equal(Math.Sqrt(sorted.Average(v => (double)v * v)), found.RootMeanSquare, sorted[^1] * Digits);
            Assert.Equal(sorted[(sorted.Length + 1) / 2 - 1], found.Quantiles.Half, sorted[^1] * Digits);
            Assert.Equal(sorted[(int)Math.Ceiling(0.9 * sorted.Length) - 1], found.Quantiles.NineTenths, sorted[^1] * Digits);
        }
    }

    [Fact]
    public void The_top_examples_are_the_strongest_of_their_sequences()
    {
        foreach (var latent in Some)
        {
            var peaks = Twin.Firings(latent).GroupBy(f => Twin.Sequences[f.Place]).Select(g => g.Max(f => f.Value)).OrderDescending().Take(6).ToArray();
            var top = Index.Top(latent, 6);
            Assert.Equal(top.Count, top.Select(e => e.Sequence).Distinct().Count());
            Assert.All(top.Zip(peaks), pair => Assert.Equal(pair.Second, pair.First.Activation, pair.Second * Digits));
            foreach (var example in top) RequireWindow(example, latent);
        }
    }

    [Fact]
    public void Bands_divide_the_whole_range_and_their_examples_lie_in_them()
    {
        foreach (var latent in Some)
        {
            foreach (var bands in new[] { Index.ByInterval(latent, 8, each: 3), Index.ByQuantile(latent, 4, each: 3) })
            {
                Assert.Equal(Index.Statistics(latent).Fires, bands.Sum(b => b.Count));
                Assert.Equal(1, bands.Sum(b => b.Share), 1e-9);
                foreach (var band in bands)
                {
                    Assert.Equal(Math.Min(3, band.Count), band.Examples.Count);
                    Assert.All(band.Examples, e => Assert.InRange(e.Activation, Math.BitIncrement(band.From), band.To));
                }
                Assert.All(bands.Zip(bands.Skip(1)), pair => Assert.Equal(pair.First.From, pair.Second.To));
            }
            var quantiles = Index.ByQuantile(latent, 4);
            var most = Enumerable.Range(0, Index.Occurrences(latent).Count).GroupBy(i => Index.Occurrences(latent)[i]).Max(g => g.Count()); // ties are not divided
            Assert.All(quantiles, b => Assert.InRange(b.Count, Index.Statistics(latent).Fires / 4.0 - most, Index.Statistics(latent).Fires / 4.0 + most));
            Assert.Equal(Index.Statistics(latent).Fires, Index.Histogram(latent, 7).Counts.Sum());
        }
    }

    [Fact]
    public void Random_examples_are_firings_and_near_misses_are_none()
    {
        foreach (var latent in Some)
        {
            var random = Index.Random(latent, 5, seed: 3);
            Assert.Equal(Math.Min(5, Index.Statistics(latent).Fires), random.Count);
            Assert.All(random, e => Assert.True(e.Activation > 0));
            Assert.Equal(random.Select(e => e.Place), Index.Random(latent, 5, seed: 3).Select(e => e.Place));
            var tokens = Twin.Firings(latent).Select(f => Twin.Ids[f.Place]).ToHashSet();
            foreach (var miss in Index.NearMisses(latent, 5))
            {
                Assert.Contains(miss.Tokens[miss.Focus].Id, tokens);
                Assert.All(miss.Activations, a => Assert.Equal(0, a));
                RequireWindow(miss, latent);
            }
        }
    }

    [Fact]
    public void Rates_by_token_agree()
    {
        foreach (var latent in Some)
        {
            var expected = Twin.Ids.Index().Where(t => Twin.Counted[t.Index]).GroupBy(t => t.Item).Where(g => g.Count() >= 2)
                .Select(g => (Id: g.Key, Rate: g.Count(t => Twin.Activations[t.Index, latent] > 0) / (double)g.Count(), Mean: g.Average(t => (double)Twin.Activations[t.Index, latent]))).ToList();
            var byRate = Index.TokensByRate(latent, 5, atLeast: 2);
            Assert.Equal(expected.Where(e => e.Rate > 0).Select(e => e.Rate).OrderDescending().Take(5), byRate.Select(t => t.Rate), Near(Digits));
            var byMean = Index.TokensByMean(latent, 5, atLeast: 2);
            Assert.Equal(expected.Where(e => e.Rate > 0).Select(e => e.Mean).OrderDescending().Take(5), byMean.Select(t => t.Mean), Near(Index.Statistics(latent).Max * Digits));
            Assert.All(byMean, t => Assert.Equal(expected.Single(e => e.Id == t.Token.Id).Rate, t.Rate, Digits));
        }
    }

    [Fact]
    public void Latents_by_token_are_those_that_fire_there_more_than_elsewhere()
    {
        var id = Twin.Ids.Index().Where(t => Twin.Counted[t.Index]).GroupBy(t => t.Item).OrderByDescending(g => g.Count()).ElementAt(5).Key;
        int[] places = [.. Twin.Ids.Index().Where(t => t.Item == id && Twin.Counted[t.Index]).Select(t => t.Index)];
        var gains = Enumerable.Range(0, Index.Width).Select(l => places.Count(p => Twin.Activations[p, l] > 0) / (double)places.Length - Twin.Firings(l).Length / (double)Twin.CountedTokens);
        var found = Index.LatentsByToken(id, 10);
        Assert.Equal(gains.OrderDescending().Take(10), found.Select(f => f.RateThere - f.Rate), Near(0.02)); // a firing at the threshold is 1 of places.Length
        Assert.All(found, f => Assert.Equal(places.Average(p => Twin.Activations[p, f.Latent]), f.MeanThere, Index.Statistics(f.Latent).Max * Digits * 5));
    }

    [Fact]
    public void Latents_that_fire_together_are_found_with_their_correlation()
    {
        foreach (var latent in Some.Take(12))
        {
            var found = Index.CoActive(latent, 5);
            var correlations = Twin.Correlations(latent, Twin);
            Assert.Equal(correlations.Where((c, l) => l != latent && !double.IsNaN(c)).Max(), found[0].Correlation, 0.01);
            Assert.All(found, f => Assert.Equal(correlations[f.Latent], f.Correlation, 0.01));
            Assert.Equal(found.Select(f => f.Latent), Index.CoActive(latent, 6).Take(5).Select(f => f.Latent)); // one more than is stored
            var (mine, its) = (Places(Index, latent), Places(Index, found[0].Latent));
            Assert.Equal(mine.Intersect(its).Count(), found[0].Together);
            Assert.Equal(mine.Intersect(its).Count() / (double)mine.Union(its).Count(), found[0].Jaccard, 1e-9);
        }
    }

    [Fact]
    public void The_same_concept_is_found_at_another_layer()
    {
        var other = embedded.Index.Of(embedded.Other, embedded.Bench.Model);
        foreach (var latent in Some.Take(6))
        {
            var found = Index.SameConcept(latent, other, 3);
            var correlations = Twin.Correlations(latent, Other);
            Assert.All(found, f => Assert.Equal(correlations[f.Pair.Latent], f.Pair.Correlation, 0.01));
            Assert.Equal(correlations.Where(c => !double.IsNaN(c)).Max(), found[0].Pair.Correlation, 0.01);
            using var scope = NewDisposeScope();
            var (a, b) = (embedded.Sae.Direction(latent), embedded.Other.Direction(found[0].Pair.Latent));
            Assert.Equal((a.dot(b) / a.norm() / b.norm()).item<float>(), found[0].Cosine!.Value, 1e-5);
        }
    }

    [Fact]
    public void Profiles_count_firings_by_label()
    {
        var corpus = embedded.Index.Corpus;
        foreach (var latent in Some)
            foreach (var profile in Index.Profile(latent))
            {
                var places = Places(Index, latent).ToList();
                Assert.Equal(profile.Rates.Select(r => (long)places.Count(p => corpus.Label(profile.Kind, p) == r.Label)), profile.Rates.Select(r => r.Fires));
                Assert.Equal(profile.Rates.Select(r => (long)Enumerable.Range(0, Twin.Ids.Length).Count(t => Twin.Counted[t] && corpus.Label(profile.Kind, t) == r.Label)), profile.Rates.Select(r => r.Tokens));
                Assert.All(profile.Rates, r => Assert.Equal(places.Where(p => corpus.Label(profile.Kind, p) == r.Label).Sum(p => (double)Index.Occurrences(latent).At(p)) / Math.Max(1, r.Tokens), r.Mean, r.Mean * Digits));
            }
        Assert.Equal(["language", "task", "target", "role", "prompt-end", "position"], Index.Profile(0).Select(p => p.Kind));
    }

    [Fact]
    public void Labels_follow_the_document()
    {
        var corpus = embedded.Index.Corpus;
        foreach (var (sequence, document) in embedded.Corpus.From(0).Index())
        {
            var labels = document.Read(embedded.Bench.Model.Tokenizer!).Labels;
            for (var i = 0; i < labels[0].Length; i++)
                for (var kind = 0; kind < labels.Count; kind++)
                    Assert.Equal(labels[kind][i] == 255 ? null : embedded.Corpus.Kinds[kind].Values[labels[kind][i]], corpus.Label(corpus.Kinds[kind].Name, corpus.Start(sequence) + i));
        }
        Assert.Contains(Enumerable.Range(0, (int)corpus.Tokens), t => corpus.Label("prompt-end", t) == "Translate" && corpus.Token(t).Text == "\n");
    }

    [Fact]
    public void Stored_neighbours_and_output_tokens_are_those_of_the_weights()
    {
        using var scope = NewDisposeScope();
        var bare = embedded.Index[embedded.Sae.Config.Hook]; // without weights: from the files
        var unit = embedded.Sae.Decoder / embedded.Sae.Decoder.norm(1, keepdim: true);
        var cosines = unit.matmul(unit.t());
        var logits = embedded.Sae.Decoder.mul(embedded.Bench.Model.Head.Norm.Gain!).matmul(embedded.Bench.Model.Unembedding.t());
        foreach (var latent in Some)
        {
            var (values, ids) = cosines[latent].topk(6, 0); // the first is itself
            Assert.Equal(ids.data<long>().ToArray()[1..], bare.Nearest(latent, 5).Select(n => (long)n.Latent));
            Assert.Equal(values.data<float>().ToArray()[1..].Select(v => (double)v), bare.Nearest(latent, 5).Select(n => n.Cosine), Near(1e-5));
            Assert.Equal(bare.Nearest(latent, 5).Select(n => n.Latent), Index.Nearest(embedded.Sae.Direction(latent), 6).Skip(1).Select(n => n.Latent));
            Assert.Equal(logits[latent].topk(5, 0).values.data<float>().ToArray().Select(v => (double)v), bare.Logits(latent, 5)!.Top.Select(t => t.Weight), Near(1e-4));
            Assert.Equal(logits[latent].topk(5, 0, largest: false).values.data<float>().ToArray().Select(v => (double)v), bare.Logits(latent, 5)!.Bottom.Select(t => t.Weight), Near(1e-4));
            Assert.Equal(bare.Logits(latent, 5)!.Top.Select(t => t.Token), Index.Logits(latent, 8)!.Top.Take(5).Select(t => t.Token));
        }
        Assert.Throws<InvalidOperationException>(() => bare.Nearest(0, 6));
    }

    [Fact]
    public void Latents_of_a_text_come_with_how_unusual_they_are()
    {
        const string text = "Translate to French: The cat sees a house.";
        var found = Index.LatentsOf(text, perToken: 1000);
        Assert.Empty(found[0].Latents); // BOS
        using var run = embedded.Bench.Model.Run(text, embedded.Sae.Config.Hook);
        using var latents = embedded.Sae.Encode(run[embedded.Sae.Config.Hook]);
        for (var t = 1; t < found.Count; t++)
        {
            Assert.Equal(latents.At(t).Select(l => l.Latent).Order(), found[t].Latents.Select(l => l.Latent).Order());
            Assert.Equal(found[t].Latents.OrderBy(l => l.Rarity).Select(l => l.Rarity), found[t].Latents.Select(l => l.Rarity));
            foreach (var latent in found[t].Latents.Take(3))
                Assert.Equal(Twin.Firings(latent.Latent).Count(f => f.Value >= latent.Activation) / (double)Twin.CountedTokens, latent.Rarity, 2.5 / Twin.CountedTokens);
        }
    }

    [Fact]
    public void A_latent_that_never_fires_is_said_to()
    {
        var dead = Enumerable.Range(0, Index.Width).First(l => Index.Statistics(l).NeverFires);
        var report = Index.Report(dead, new() { Rows = 5 });
        Assert.True(report.Statistics.NeverFires);
        Assert.Equal(embedded.Sae.EncoderBias[dead].item<float>(), report.Statistics.Bias);
        Assert.Equal(5, report.Nearest.Count);
        Assert.Empty(report.Top);
        Assert.Empty(report.CoActive);
        Assert.All(report.Intervals, b => Assert.Equal(0, b.Count));
        Assert.Equal(0, report.Histogram.Counts.Sum());
    }

    [Fact]
    public void A_latent_that_does_not_exist_is_refused_in_every_question()
    {
        foreach (var ask in new Action<SaeIndex, int>[] { (i, l) => i.Statistics(l), (i, l) => i.Top(l), (i, l) => i.Profile(l), (i, l) => i.CoActive(l), (i, l) => i.Nearest(l), (i, l) => i.Logits(l), (i, l) => i.Report(l) })
            Assert.Contains("0 to 2303", Assert.Throws<ArgumentOutOfRangeException>(() => ask(Index, 2304)).Message);
    }

    private void RequireWindow(Example example, int latent)
    {
        var first = example.Place - example.Focus;
        Assert.Equal(Twin.Ids[(int)first..((int)first + example.Tokens.Count)], example.Tokens.Select(t => t.Id));
        Assert.All(Enumerable.Range(0, example.Tokens.Count), i => Assert.Equal(Twin.Sequences[example.Place], Twin.Sequences[first + i]));
        Assert.All(example.Activations.Index(), a => Assert.Equal(embedded.Index[embedded.Sae.Config.Hook].Occurrences(latent).At(first + a.Index), a.Item));
    }

    private static HashSet<long> Places(SaeIndex index, int latent)
    {
        HashSet<long> places = [];
        foreach (var place in index.Occurrences(latent).Places) places.Add(place);
        return places;
    }

    private static IEqualityComparer<double> Near(double tolerance) => EqualityComparer<double>.Create((a, b) => Math.Abs(a - b) <= tolerance, _ => 0);
}
