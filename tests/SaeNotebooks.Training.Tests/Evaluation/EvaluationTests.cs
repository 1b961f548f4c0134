using SaeNotebooks.Hooks;
using SaeNotebooks.Models;
using SaeNotebooks.Saes;
using SaeNotebooks.Saes.Activations;
using SaeNotebooks.Training.Evaluation;
using SaeNotebooks.Training.LanguageModels;
using SaeNotebooks.Training.Tests.LanguageModels;
using static TorchSharp.torch;

namespace SaeNotebooks.Training.Tests.Evaluation;

[Collection(TensorTests.Name)]
public sealed class EvaluationTests : IDisposable
{
    private readonly HookedTransformer _model;
    private readonly IReadOnlyList<int>[] _sequences;

    public EvaluationTests()
    {
        using var parameters = new DecoderParameters(Toy.Shape, seed: 4);
        _model = Toy.Export(parameters);
        _sequences = [.. Enumerable.Range(0, 12).Select(i => new Toy()[i].Ids)];
    }

    public void Dispose() => _model.Dispose();

    [Fact]
    public void Losses_over_a_vocabulary_so_large_that_they_are_computed_in_pieces_are_their_definitions()
    {
        using var scope = NewDisposeScope();
        const int Positions = 40, Vocabulary = 500_000;
        Assert.True(NextTokenLoss.Pieces(Positions - 1, Vocabulary).Count() > 2);
        Tensor clean = randn([2, Positions, Vocabulary], generator: manual_seed(5)), spliced = randn([Positions, Vocabulary], generator: manual_seed(6));
        int[] ids = [.. Enumerable.Range(0, Positions).Select(i => i * 12_345)];
        var losses = NextTokenLoss.Of(clean[1], ids);
        var divergences = SplicedLosses.DivergenceOf(clean[1], spliced, Positions);
        Assert.Equal((Positions - 1, Positions - 1), (losses.Length, divergences.Length));
        for (var i = 0; i < Positions - 1; i++)
        {
            Tensor p = clean[1, i].to(float64).softmax(-1), q = spliced[i].to(float64).softmax(-1);
            Assert.Equal(-Math.Log(p[ids[i + 1]].item<double>()), losses[i], 1e-4);
            Assert.Equal((p * (p / q).log()).sum().item<double>(), divergences[i], 1e-4);
        }
    }

    [Fact]
    public void Every_measure_is_its_definition_over_all_tokens()
    {
        using var scope = NewDisposeScope();
        using var sae = RandomSae();
        var x = randn(90, 12, generator: manual_seed(1)) + 0.5;
        var tally = new ReconstructionTally(sae.Width, 12);
        foreach (var (from, count) in new[] { (0, 17), (17, 60), (77, 13) }) // in parts of unequal size
        {
            var part = x.narrow(0, from, count);
            using var latents = sae.Encode(part);
            tally.Add(part, latents, sae.Decode(latents));
        }
        var result = tally.Result();

        using var all = sae.Encode(x);
        var dense = all.ToDense().data<float>().ToArray();
        double[][] truth = Rows(x), made = Rows(sae.Reconstruct(x));
        double[] mean = [.. Enumerable.Range(0, 12).Select(d => truth.Average(r => r[d]))];
        var error = truth.Zip(made).Sum(p => Squares(p.First.Zip(p.Second, (a, b) => a - b)));
        Assert.Equal(90, result.Tokens);
        Assert.Equal(dense.Count(a => a > 0) / 90.0, result.L0, 1e-9);
        Assert.Equal(dense.Sum(a => (double)a) / 90, result.L1, 1e-3);
        Assert.Equal(1 - error / truth.Sum(r => Squares(r.Zip(mean, (a, b) => a - b))), result.ExplainedVariance, 1e-5);
        Assert.Equal(error / 90 / 12, result.MeanSquaredError, 1e-4);
        Assert.Equal(truth.Zip(made).Average(p => Dot(p.First, p.Second) / Math.Sqrt(Squares(p.First) * Squares(p.Second))), result.Cosine, 1e-5);
        Assert.Equal(truth.Zip(made).Average(p => Math.Sqrt(Squares(p.Second) / Squares(p.First))), result.NormRatio, 1e-4);
        Assert.Equal(made.Sum(Squares) / truth.Zip(made).Sum(p => Dot(p.First, p.Second)), result.RelativeBias, 1e-4);
        var silent = Enumerable.Range(0, sae.Width).Count(l => !Enumerable.Range(0, 90).Any(t => dense[t * sae.Width + l] > 0));
        Assert.Equal(silent / (double)sae.Width, result.Dead, 1e-9);
        Assert.Equal(sae.Width - silent, result.Density.Sum(b => b.Latents));
    }

    [Fact]
    public void A_policy_that_leaves_every_token_out_is_refused()
    {
        using var sae = IdentitySae();
        Assert.Contains("has a token that counts", Assert.Throws<ArgumentException>(() => SaeReport.Measure(_model, sae, _sequences, new() { LongestNorm = 1e-6 })).Message);
    }

    [Fact]
    public void An_exact_SAE_loses_nothing_and_a_mute_one_everything()
    {
        using var exact = IdentitySae();
        var report = SaeReport.Measure(_model, exact, _sequences);
        Assert.Equal(1, report.Reconstruction.ExplainedVariance, 1e-5);
        Assert.Equal(report.Loss.Clean, report.Loss.Spliced, 1e-5);
        Assert.Equal((1.0, 1.0), (Math.Round(report.Loss.RecoveredFromZero, 3), Math.Round(report.Loss.RecoveredFromMean, 3)));
        Assert.Equal(0, report.Loss.Divergence, 1e-5);
        Assert.Contains("without padding, the first token of each prompt (BOS)", report.TokensThatCount);
        Assert.Equal(_sequences.Sum(s => s.Count - 1), report.Reconstruction.Tokens);
        Assert.Equal(_sequences.Sum(s => s.Count - 2), report.Loss.Tokens); // nothing is predicted at the last, nor counted at the first
        Assert.Equal(_sequences.Sum(s => s.Count - 1), report.AllLoss.Tokens);

        using var mute = IdentitySae();
        mute.Decoder.zero_();
        var silent = SaeReport.Measure(_model, mute, _sequences);
        Assert.Equal(silent.Loss.Zero, silent.Loss.Spliced, 1e-5);
        Assert.True(silent.Loss.Divergence > 0.001);
    }

    [Fact]
    public void Losses_are_those_of_a_run_with_the_same_edit()
    {
        using var sae = RandomSae(_model.Config.DModel);
        using var mean = ones(_model.Config.DModel);
        var losses = SplicedLosses.Of(_model, sae, _sequences, mean, Positions.AllButFirst);
        for (var i = 0; i < _sequences.Length; i++)
        {
            float[] Loss(Edits? edits) => NextTokenLoss.Of(_model, [_sequences[i]], edits)[0];
            Assert.Equal(Loss(null), losses.Clean[i], Near);
            Assert.Equal(Loss(Edit.Custom(sae.Config.Hook, (x, _) => sae.Reconstruct(x), Positions.AllButFirst)), losses.Spliced[i], Near);
            Assert.Equal(Loss(Edit.Ablate(sae.Config.Hook, Positions.AllButFirst)), losses.Zero[i], Near);
            Assert.Equal(Loss(Edit.AblateToMean(sae.Config.Hook, mean, Positions.AllButFirst)), losses.Mean[i], Near);
        }
        static bool Near(float a, float b) => Math.Abs(a - b) < 1e-4;
    }

    [Fact]
    public void A_transcoder_is_spliced_in_where_it_writes()
    {
        var width = _model.Config.DModel;
        using var scope = NewDisposeScope();
        var config = new SaeConfig { Hook = Hook.Ln2Normalized(1), OutputHook = Hook.MlpOut(1), IsTranscoder = true, SubtractDecoderBias = false, ModelName = "toy" };
        using var nothing = new Sae(config, new Relu(), eye(width), zeros(width, width), zeros(width), zeros(width));
        var report = SaeReport.Measure(_model, nothing, _sequences);
        Assert.Equal(report.Loss.Zero, report.Loss.Spliced, 1e-5);
        Assert.InRange(report.Reconstruction.ExplainedVariance, -10, 0);

        using var sum = new Sae(config, new Relu(), eye(width), zeros(width, width), zeros(width), zeros(width), skip: eye(width)); // writes what it reads
        var spliced = SplicedLosses.Of(_model, sum, _sequences, zeros(width), Positions.All).Spliced;
        using var run = _model.Run(_sequences[0].ToArray(), Hook.Ln2Normalized(1));
        var expected = NextTokenLoss.Of(_model, [_sequences[0]], Edit.Replace(Hook.MlpOut(1), run[Hook.Ln2Normalized(1)]))[0];
        Assert.Equal(expected, spliced[0], (a, b) => Math.Abs(a - b) < 1e-4);
    }

    [Fact]
    public void Directions_are_compared_with_their_nearest_other()
    {
        using var scope = NewDisposeScope();
        using var sae = new Sae(new() { Hook = Hook.ResidPost(0), ModelName = "none" }, new Relu(), zeros(2, 3), tensor(new float[] { 1, 0, 2, 0, 0, 3 }).view(3, 2), zeros(3), zeros(2));
        var geometry = DecoderGeometry.Of(sae);
        Assert.Equal((1 + 1 + 0) / 3.0, geometry.MeanNearest, 1e-6);
        Assert.Equal((2 / 3.0, 2.0), (geometry.NearlySame, geometry.MeanNorm));
    }

    [Fact]
    public void Published_figures_agree_or_differ()
    {
        using var exact = IdentitySae();
        var report = SaeReport.Measure(_model, exact, _sequences);
        PublishedFigures same = new("toy", "toy", "x", L0: report.Reconstruction.L0 * 1.1, Fve: 0.99, CleanLoss: report.Loss.Clean);
        Assert.StartsWith("agrees: L0, FVE, CE clean", Verification.Verdict(Verification.Compare(report, same)));
        Assert.Contains("differs: L0 is", Verification.Verdict(Verification.Compare(report, same with { L0 = report.Reconstruction.L0 * 2 })));
        Assert.Contains("nothing published", Verification.Verdict(Verification.Compare(report, null)));
        Assert.Equal(0.8665, PublishedFigures.Known.Single(p => p.Name.StartsWith("gemma-scope-2b-pt-res", StringComparison.Ordinal)).Fve);
        Assert.All(PublishedFigures.Known, p => Assert.NotEmpty(p.Source));
    }

    private static Sae RandomSae(int width = 12)
    {
        using var scope = NewDisposeScope();
        var decoder = nn.functional.normalize(randn(20, width, generator: manual_seed(6)), dim: -1);
        return new(new() { Hook = Hook.ResidPost(0), ModelName = "toy" }, new TopK(3), decoder.t().contiguous(), decoder, zeros(20), zeros(width));
    }

    /// <summary>Each direction and its opposite: reconstructs everything.</summary>
    private Sae IdentitySae()
    {
        using var scope = NewDisposeScope();
        var width = _model.Config.DModel;
        var both = cat([eye(width), zeros(width, width) - eye(width)]);
        return new(new() { Hook = Hook.ResidPost(0), ModelName = "toy" }, new Relu(), both.t().contiguous(), both, zeros(2 * width), zeros(width));
    }

    private static double[][] Rows(Tensor x) => [.. x.data<float>().ToArray().Select(v => (double)v).Chunk((int)x.shape[1])];

    private static double Squares(IEnumerable<double> x) => x.Sum(v => v * v);

    private static double Dot(double[] a, double[] b) => a.Zip(b, (p, q) => p * q).Sum();
}
