using SaeNotebooks.Analysis;
using SaeNotebooks.Hooks;
using SaeNotebooks.Models;
using SaeNotebooks.Tests.Goldens;
using static TorchSharp.torch;

namespace SaeNotebooks.Tests.Analysis;

public sealed class AnalysisTests : IDisposable
{
    private static readonly int[] Prompt = [2, 17, 40, 5, 99, 200, 31];
    private readonly HookedTransformer _model = TestModels.Load("llama");
    private readonly TorchSharp.DisposeScope _scope = NewDisposeScope();

    public void Dispose()
    {
        _scope.Dispose();
        _model.Dispose();
    }

    [Fact]
    public void TheResidualStreamIsTheSumOfItsComponents()
    {
        using var parts = ResidualDecomposition.Of(_model, new TokenBatch([Prompt, Prompt[..4]]));
        Assert.Equal(1 + 2 * 4, parts.Components.Count);
        Compare.MaxAbs(parts.Final[0], parts.Stack().sum([0L]), 5e-6, "sum");
        Compare.MaxAbs(parts.Final[1].narrow(0, 0, 4), parts.Stack(1).sum([0L]).narrow(0, 0, 4), 5e-6, "sum of the padded prompt");
        using var two = ResidualDecomposition.Of(_model, Prompt, layers: 2);
        using var run = _model.Run(Prompt, Hook.ResidPost(1));
        Compare.MaxAbs(run[Hook.ResidPost(1)], two.Stack().sum([0L], keepdim: true), 5e-6, "two layers");
    }

    [Fact]
    public void TheFinalResidualUnembedsToTheLogits()
    {
        using var run = _model.Run(Prompt, Hook.ResidPost(3), logits: true);
        Compare.MaxAbs(run.Logits, _model.Unembed(run[Hook.ResidPost(3)]), 1e-5, "logits");
        Assert.Contains("[3, 47]", Assert.Throws<ArgumentException>(() => _model.Unembed(zeros(3, 47))).Message);
    }

    [Fact]
    public void TheLensEndsAtTheModelsOwnPrediction()
    {
        using var run = _model.Run(Prompt);
        var (p, ids) = run.Logits[0].softmax(-1).topk(3, -1);
        var lens = LogitLens.Of(_model, Prompt, top: 3);
        Assert.Equal(4, lens.Predictions.Count);
        for (var pos = 0; pos < Prompt.Length; pos++)
            for (var rank = 0; rank < 3; rank++)
            {
                Assert.Equal(ids[pos, rank].item<long>(), lens[3, pos][rank].Token.Id);
                Assert.Equal(p[pos, rank].item<float>(), lens[3, pos][rank].Probability, 1e-5);
            }
        Assert.NotEqual(lens[3, 6][0].Token, lens[0, 6][0].Token);
    }

    /// <summary>Learned positions, biases of norms, parallel blocks, post-norms and soft caps are all part of the sum.</summary>
    [Theory]
    [InlineData("gpt2", WeightProcessing.None), InlineData("gpt2", WeightProcessing.FoldLn), InlineData("gpt_neox", WeightProcessing.None),
     InlineData("gemma2", WeightProcessing.None), InlineData("gemma3_text", WeightProcessing.None)]
    public void SharesOfALogitSumToItInEveryKindOfFamily(string family, WeightProcessing processing)
    {
        using var model = HookedTransformer.Load(Golden.PathOf(family), processing: processing);
        var attribution = LogitAttribution.Of(model, Prompt, token: 17);
        Assert.Equal(attribution.Logit, attribution.Total, 1e-4);
        Assert.Equal(family == "gpt2", attribution.Components.Any(c => c.Component == Hook.PosEmbed));
        using var run = model.Run(Prompt, Hook.ResidPost(3), logits: true);
        Compare.MaxAbs(run.Logits, model.Unembed(run[Hook.ResidPost(3)]), 5e-5, "logits");
    }

    [Theory]
    [InlineData(null, -1), InlineData(7, -1), InlineData(7, 2)]
    public void SharesOfALogitSumToIt(int? minus, int position)
    {
        var attribution = LogitAttribution.Of(_model, Prompt, token: 250, minus, position);
        using var run = _model.Run(Prompt);
        var column = position < 0 ? Prompt.Length + position : position;
        var expected = run.Logits[0, column, 250].item<float>() - (minus is { } other ? run.Logits[0, column, other].item<float>() : 0);
        Assert.Equal(expected, attribution.Logit, 1e-4);
        Assert.Equal(expected, attribution.Total, 1e-4);
        Assert.Equal(9, attribution.Components.Count);
    }

    /// <summary>With the scale frozen, removing a component from the residual stream lowers the logit by its share.</summary>
    [Fact]
    public void AShareIsWhatTheLogitLosesWithoutTheComponent()
    {
        var share = LogitAttribution.Of(_model, Prompt, token: 250).Components.Single(c => c.Component == Hook.MlpOut(3)).Logit;
        using var intact = _model.Run(Prompt, [Hook.LnFinalScale], logits: true);
        using var without = _model.Run(Prompt, edits: new Edit[] { Edit.Ablate(Hook.MlpOut(3)), Edit.Replace(Hook.LnFinalScale, intact[Hook.LnFinalScale]) });
        Assert.Equal((intact.Logits[0, -1, 250] - without.Logits[0, -1, 250]).item<float>(), share, 1e-4);
    }

    [Fact]
    public void APatchCarriesOneTokensActivationAcross()
    {
        int[] other = [5, 8, 13, 21];
        using var donor = _model.Run(new TokenBatch([Prompt, other], Padding.Left), HookSet.EachLayer(4, Hook.ResidPost));
        using var patched = _model.Run(Prompt, [Hook.ResidPost(1)], ActivationPatch.From(donor, Hook.ResidPost(1), from: 2, to: 4, row: 1));
        using var plain = _model.Run(Prompt, [Hook.ResidPost(1)]);
        using var alone = _model.Run(other, Hook.ResidPost(1));
        Compare.MaxAbs(alone[Hook.ResidPost(1)][0, 2], patched[Hook.ResidPost(1)][0, 4], 1e-5, "patched token");
        Compare.MaxAbs(plain[Hook.ResidPost(1)][0, 5], patched[Hook.ResidPost(1)][0, 5], 0, "other token");
        // The whole residual stream at the last layer and token decides the prediction there.
        using var decided = _model.Run(Prompt, edits: ActivationPatch.From(donor, Hook.ResidPost(3), row: 1));
        using var expected = _model.Run(other);
        Compare.MaxAbs(expected.Logits[0, -1], decided.Logits[0, -1], 1e-5, "prediction");
        Assert.Throws<ArgumentOutOfRangeException>(() => ActivationPatch.From(donor, Hook.ResidPost(1), from: 4, row: 1));
    }

    [Fact]
    public void BadArgumentsAreNamed()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => LogitAttribution.Of(_model, Prompt, token: 320));
        Assert.Throws<ArgumentOutOfRangeException>(() => LogitAttribution.Of(_model, Prompt, token: 3, position: 7));
        Assert.Throws<ArgumentOutOfRangeException>(() => ResidualDecomposition.Of(_model, Prompt, layers: 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => LogitLens.Of(_model, Prompt, top: 0));
    }
}
