using SaeNotebooks.Hooks;
using SaeNotebooks.Saes;
using SaeNotebooks.Translation.Parallel;
using SaeNotebooks.Translation.Selection;
using static TorchSharp.torch;

namespace SaeNotebooks.Translation.Tests.Selection;

public sealed class PoolScoringTests : IDisposable
{
    private static readonly PoolFile Pool = new("en2fr.txt", "fr",
        [new(1, "The dog sees a cat.", "Le chien voit un chat.", 80), new(2, "are fr", "sont fr", 20), new(4, "A tree.", "Un arbre.", null)], [new BrokenLine("en2fr.txt", 3, "it has no source")]);

    private readonly string _folder = Directory.CreateTempSubdirectory("pool-scoring-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Scores_are_those_of_examples_run_alone(bool layerBefore)
    {
        using var first = TinyModel.RandomSae(0);
        using var second = TinyModel.RandomSae(1);
        var scored = new PoolScoring(TinyModel.Model, [new(first, [5], layerBefore), new(second, [3, 40], layerBefore)], new()).Run(Pool);
        Assert.Equal((0, 0), (scored.LeftOut.Count, scored.Cut));
        foreach (var (pair, score) in Pool.Pairs.Zip(scored.Pairs))
        {
            using var scope = NewDisposeScope();
            var prompt = TinyModel.Model.Encode($"Please translate the following text into fr: \n{pair.Source} \n").ToArray();
            int[] ids = [.. prompt, .. TinyModel.Model.Encode(pair.Target, bos: false)];
            HookName Read(int layer) => layerBefore ? Hook.ResidPre(layer) : Hook.ResidPost(layer);
            using var run = TinyModel.Model.Run(ids, [Read(0), Read(1)], logits: true);
            var logProbs = run.Logits[0].log_softmax(-1);
            var losses = Enumerable.Range(1, ids.Length - 1).Select(t => -logProbs[t - 1, ids[t]].item<float>()).ToArray();
            Assert.Equal(Math.Exp(losses.Average()), score.Ppl!.Value, 1e-2);
            Assert.Equal(Math.Exp(losses[(prompt.Length - 1)..].Average()), score.TargetPpl!.Value, 1e-2);
            double Activation(Sae sae, int layer, int latent)
            {
                using var encoded = sae.Encode(run[Read(layer)][0, prompt.Length - 1].unsqueeze(0));
                return encoded[latent].Single();
            }
            Assert.Equal(["0_5", "1_3", "1_40"], score.SaeActivations.Keys);
            Assert.Equal(Activation(first, 0, 5), score.SaeActivations["0_5"]!.Value, 1e-3);
            Assert.Equal(Activation(second, 1, 3), score.SaeActivations["1_3"]!.Value, 1e-3);
            Assert.Equal(Activation(second, 1, 40), score.SaeActivations["1_40"]!.Value, 1e-3);
            Assert.Equal((pair.Source, pair.Target, pair.Comet, pair.Line), (score.Src, score.Tgt, score.Comet, score.Line));
        }
        Assert.Contains(scored.Pairs, p => p.SaeActivations.Values.Any(a => a > 0));
    }

    [Fact]
    public void An_interrupted_run_goes_on_with_the_parts_that_it_has()
    {
        using var sae = TinyModel.RandomSae(1);
        var options = new PoolScoringOptions { PartSize = 1 };
        ScoredPool Run(PoolFile pool, PoolScoringOptions with) => new PoolScoring(TinyModel.Model, [new(sae, [3, 40])], with).Run(pool, _folder);
        Run(Pool with { Pairs = [.. Pool.Pairs.Take(2)] }, options);
        var kept = Directory.GetFiles(_folder).ToDictionary(f => f, File.GetLastWriteTimeUtc);
        Assert.Equal(2, kept.Count);
        var resumed = Run(Pool, options);
        Assert.All(kept, f => Assert.Equal(f.Value, File.GetLastWriteTimeUtc(f.Key)));
        Assert.Equal(Json(new PoolScoring(TinyModel.Model, [new(sae, [3, 40])], options).Run(Pool)), Json(resumed));
        // Another text, or another way of scoring, is scored anew.
        Run(Pool with { Pairs = [Pool.Pairs[0] with { Source = "The cow sees a cat." }] }, options);
        Run(Pool with { Pairs = [Pool.Pairs[1]] }, options with { LanguageName = "French" });
        Assert.All(kept, f => Assert.NotEqual(f.Value, File.GetLastWriteTimeUtc(f.Key)));

        string Json(ScoredPool pool)
        {
            ScoredPair.Write(Path.Combine(_folder, "scores.txt"), pool.Pairs);
            return File.ReadAllText(Path.Combine(_folder, "scores.txt"));
        }
    }

    [Fact]
    public void What_is_too_long_is_cut_off_or_left_out_and_counted()
    {
        using var sae = TinyModel.RandomSae(1);
        int Length(PoolPair pair) => TinyModel.Model.Encode($"Please translate the following text into fr: \n{pair.Source} \n").Count;
        var pool = Pool with { Pairs = [.. Pool.Pairs.Take(2), new(5, string.Concat(Enumerable.Repeat("a dog ", 60)), "chien", 1)] };
        var room = Length(pool.Pairs[0]) + 1;
        var scored = new PoolScoring(TinyModel.Model, [new(sae, [3])], new() { MaxTokens = room }).Run(pool);
        Assert.Equal([1, 2], scored.Pairs.Select(p => p.Line!.Value));
        Assert.Equal((5, $"its prompt alone has {Length(pool.Pairs[2])} tokens, and {room} are scored at most"), (scored.LeftOut.Single().Line, scored.LeftOut.Single().Problem));
        Assert.Equal(pool.Pairs.Take(2).Count(p => Length(p) + TinyModel.Model.Encode(p.Target, bos: false).Count > room), scored.Cut);
        Assert.True(scored.Cut > 0);
    }

    [Fact]
    public void What_cannot_be_scored_is_refused()
    {
        using var sae = TinyModel.RandomSae(1);
        Assert.Contains("2 to 512, the model's context", Assert.Throws<ArgumentException>(() => new PoolScoring(TinyModel.Model, [new(sae, [3])], new() { MaxTokens = 513 }).Run(Pool)).Message);
        Assert.Contains("There is no latent 64", Assert.Throws<ArgumentException>(() => new PoolScoring(TinyModel.Model, [new(sae, [64])], new()).Run(Pool)).Message);
        using var over = new CancellationTokenSource();
        over.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => new PoolScoring(TinyModel.Model, [new(sae, [3])], new()).Run(Pool, _folder, over.Token));
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }
}
