using SaeNotebooks.Hooks;
using SaeNotebooks.Models;
using SaeNotebooks.Tests.Goldens;
using static TorchSharp.torch;

namespace SaeNotebooks.Tests.Models;

public class EditTests : IDisposable
{
    private static readonly int[] Prompt = [2, 17, 40, 5, 99, 200, 31];
    private readonly HookedTransformer _model = TestModels.Load("llama");
    private readonly DisposeScopeHolder _scope = new();

    public void Dispose()
    {
        _scope.Dispose();
        _model.Dispose();
    }

    private float[,] Residual(TokenBatch batch, Edits edits, int layer = 0, int row = 0)
    {
        using var run = _model.Run(batch, Hook.ResidPost(layer), edits);
        using var one = run[Hook.ResidPost(layer)][row].contiguous();
        var flat = one.data<float>().ToArray();
        var result = new float[one.shape[0], one.shape[1]];
        Buffer.BlockCopy(flat, 0, result, 0, flat.Length * sizeof(float));
        return result;
    }

    /// <summary>Which rows of two residuals differ.</summary>
    private static int[] Changed(float[,] a, float[,] b) =>
        [.. Enumerable.Range(0, a.GetLength(0)).Where(pos => Enumerable.Range(0, a.GetLength(1)).Any(d => a[pos, d] != b[pos, d]))];

    [Fact]
    public void AnEditChangesItsPositionsAndNoOthers()
    {
        var vector = ones(48);
        var plain = Residual(Prompt, Edits.None);
        int[] ChangedBy(Positions positions) => Changed(plain, Residual(Prompt, Edit.Add(Hook.ResidPost(0), vector, positions)));

        Assert.Equal([0, 1, 2, 3, 4, 5, 6], ChangedBy(Positions.All));
        Assert.Equal([1, 2, 3, 4, 5, 6], ChangedBy(Positions.AllButBos));
        Assert.Equal([6], ChangedBy(Positions.Last));
        Assert.Equal([2, 5], ChangedBy(Positions.At(2, -2)));
        Assert.Equal([0, 1, 2, 3, 4, 5, 6], ChangedBy(Positions.Prompt));
        Assert.Empty(ChangedBy(Positions.Generated));
    }

    [Theory]
    [InlineData(Padding.Left), InlineData(Padding.Right)]
    public void InPaddedBatchesEachPromptIsEditedAsIfAlone(Padding padding)
    {
        var vector = randn(48, generator: manual_seed(0));
        Edits edits = Edit.Add(Hook.ResidPost(0), vector, Positions.Last, scale: 3);
        using var alone = _model.Run(Prompt[..4], Hook.ResidPost(3), edits);
        using var together = _model.Run(new TokenBatch([Prompt, Prompt[..4]], padding), Hook.ResidPost(3), edits);
        var start = padding == Padding.Left ? 3 : 0;
        Compare.MaxAbs(alone[Hook.ResidPost(3)][0], together[Hook.ResidPost(3)][1].narrow(0, start, 4), 5e-5, "last-token edit");
    }

    [Fact]
    public void EditsComputeWhatTheyAreNamedFor()
    {
        var vector = randn(48, generator: manual_seed(0));
        using var run = _model.Run(Prompt, Hook.ResidPost(0));
        var plain = run[Hook.ResidPost(0)];
        void Expect(Tensor expected, Edit edit)
        {
            using var edited = _model.Run(Prompt, Hook.ResidPost(0), edit);
            Compare.MaxAbs(expected, edited[Hook.ResidPost(0)], 1e-6, edit.GetType().Name);
        }

        Expect(plain + 2 * vector, Edit.Add(Hook.ResidPost(0), vector, Positions.All, scale: 2));
        Expect(plain * 0.5, Edit.Scale(Hook.ResidPost(0), 0.5));
        Expect(zeros_like(plain), Edit.Ablate(Hook.ResidPost(0)));
        Expect(vector.expand(1, 7, 48), Edit.AblateToMean(Hook.ResidPost(0), vector));
        Expect(plain.flip(-1), Edit.Custom(Hook.ResidPost(0), (x, _) => x.flip(-1)));
    }

    [Fact]
    public void EditsAtOneHookApplyInOrder()
    {
        var vector = ones(48);
        Edits both = [Edit.Ablate(Hook.ResidPost(0)), Edit.Add(Hook.ResidPost(0), vector, Positions.All)];
        Assert.All(Residual(Prompt, both).Cast<float>(), x => Assert.Equal(1, x));
    }

    [Fact]
    public void ADonorsWholeActivationIsTakenAtTheSameColumns()
    {
        int[] other = [1, 3, 4, 5, 6, 7, 8];
        using var donor = _model.Run(other, Hook.ResidPost(1));
        var patched = Residual(Prompt, Edit.Replace(Hook.ResidPost(1), donor[Hook.ResidPost(1)], Positions.At(4)), layer: 1);
        Assert.Equal([0, 1, 2, 3, 5, 6], Changed(Residual(other, Edits.None, 1), patched));
        Assert.Equal([4], Changed(Residual(Prompt, Edits.None, 1), patched));
    }

    [Fact]
    public void AttentionCanBeKnockedOut()
    {
        var knockout = Edit.Custom(Hook.AttnScores(0), (scores, _) => // no head of layer 0 may look at token 3
            scores.index_fill(3, tensor(new long[] { 3 }), float.NegativeInfinity), Positions.At(5));
        using var run = _model.Run(Prompt, Hook.Pattern(0), knockout);
        var pattern = run[Hook.Pattern(0)];
        Assert.Equal(0, pattern[TensorIndex.Ellipsis, 5, 3].abs().max().item<float>());
        Assert.NotEqual(0, pattern[TensorIndex.Ellipsis, 6, 3].abs().max().item<float>());
        Assert.Equal(1, pattern[0, 0, 5].sum().item<float>(), 1e-5);
    }

    [Fact]
    public void AnEditWithTheWrongShapeIsRefused()
    {
        var message = Assert.Throws<ArgumentException>(() => _model.Run(Prompt, edits: Edit.Add(Hook.ResidPost(0), ones(47)))).Message;
        Assert.Contains("[47]", message);
        Assert.Contains("blocks.0.hook_resid_post", message);
        Assert.Throws<InvalidOperationException>(() => _model.Run(Prompt, edits: Edit.Custom(Hook.ResidPost(0), (x, _) => x.mean())));
        Assert.Throws<ArgumentException>(() => _model.Run(Prompt, edits: Edit.Replace(Hook.ResidPost(0), ones(1, 3, 48), Positions.At(5))));
        Assert.Contains("7 rows", Assert.Throws<ArgumentException>(() =>
            _model.Run(Prompt, edits: Edit.Replace(Hook.ResidPost(0), ones(7, 48)))).Message);
    }

    /// <summary>A value that a caller owns may be handed back by an edit and must survive the run.</summary>
    [Fact]
    public void TensorsOfTheCallerAreLeftAlone()
    {
        using var mine = ones(1, 7, 48).DetachFromDisposeScope();
        using (_model.Run(Prompt, edits: Edit.Custom(Hook.ResidPost(0), (_, _) => mine))) { }
        Assert.Equal(7 * 48, mine.sum().item<float>());
    }
}

/// <summary>Keeps the tensors of one test together.</summary>
internal sealed class DisposeScopeHolder : IDisposable
{
    private readonly TorchSharp.DisposeScope _scope = NewDisposeScope();
    public void Dispose() => _scope.Dispose();
}
