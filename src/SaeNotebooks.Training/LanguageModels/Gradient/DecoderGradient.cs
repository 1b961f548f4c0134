using System.Numerics.Tensors;
using static TorchSharp.torch;
using static SaeNotebooks.Training.LanguageModels.Gradient.RowLoop;
using Tensor = TorchSharp.torch.Tensor;

namespace SaeNotebooks.Training.LanguageModels.Gradient;

/// <summary>
/// Loss and gradient of a decoder (Llama: RMSNorm, rotary positions, gated SiLU MLP, tied unembedding), derived by hand and in
/// float32, but for the matrix products, which may be in bfloat16 (see <see cref="Products"/>): everything between them is fused, and memory is kept from step to step.
/// A test compares every gradient with autograd's.
/// </summary>
internal sealed class DecoderGradient : IDisposable
{
    private readonly DecoderShape _shape;
    private readonly Workspace _scratch = new();
    private readonly Products _products;
    private readonly AttentionPass[] _attention;
    private readonly MlpPass[] _mlp;
    private readonly Weight _finalGain, _embedding;

    /// <param name="parameters">the weights, which are read, and whose <c>grad</c> is written</param>
    /// <param name="productType">the dtype of matrix products, float32 or bfloat16; everything else is float32</param>
    public DecoderGradient(DecoderParameters parameters, ScalarType productType = ScalarType.Float32)
    {
        _shape = parameters.Shape;
        _products = new(productType);
        using var quiet = no_grad();
        var layers = Enumerable.Range(0, _shape.Layers).ToList();
        _attention = [.. layers.Select(l => new AttentionPass(_shape, Weight.Slice(parameters.Norms, 2 * l), Weight.Slice(parameters.Qkv, l), Weight.Slice(parameters.Output, l), _scratch, _products))];
        _mlp = [.. layers.Select(l => new MlpPass(_shape, Weight.Slice(parameters.Norms, 2 * l + 1), Weight.Slice(parameters.GateUp, l), Weight.Slice(parameters.Down, l), _scratch, _products))];
        _finalGain = Weight.Slice(parameters.Norms, 2 * _shape.Layers);
        parameters.Embedding.grad ??= zeros_like(parameters.Embedding, requires_grad: false).DetachFromDisposeScope();
        _embedding = new(parameters.Embedding.detach().DetachFromDisposeScope(), parameters.Embedding.grad.alias().DetachFromDisposeScope());
    }

    /// <summary>Mean loss in nats over the tokens that count; overwrites the gradient of every parameter.</summary>
    public double LossAndGradient(TrainingBatch batch)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var x = Stream(batch);
        var rows = tensor(batch.Rows);
        var chosen = x.index_select(0, rows); // [counting, width]
        var (loss, dChosen) = LossAndGradient(chosen, batch.Targets);
        var dx = _scratch.Matrix("dx", x.shape[0], x.shape[1]).zero_();
        dx.index_copy_(0, rows, dChosen);
        for (var l = _shape.Layers - 1; l >= 0; l--)
        {
            _mlp[l].Backward(dx);
            _attention[l].Backward(dx, batch);
        }
        AddToEmbedding(batch.Ids, dx);
        return loss;
    }

    /// <summary>[batch · pos, vocabulary] float32; the caller owns it.</summary>
    internal Tensor Logits(TrainingBatch batch)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        return Normed(Stream(batch)).Normed.matmul(_embedding.Value.t()).MoveToOuterDisposeScope();
    }

    /// <summary>The residual stream after the last layer: [batch · pos, width].</summary>
    private Tensor Stream(TrainingBatch batch)
    {
        var x = _embedding.Value.index_select(0, tensor(batch.Ids));
        for (var l = 0; l < _shape.Layers; l++) x = _mlp[l].Forward(_attention[l].Forward(x, batch));
        return x;
    }

    private (double Loss, Tensor Gradient) LossAndGradient(Tensor x, long[] targets)
    {
        var (normed, inverse) = Normed(x);
        var logits = _products.Set(_scratch.Matrix("logits", x.shape[0], _shape.Vocabulary), normed, _embedding.Value.t());
        var loss = CrossEntropyKernel.LossAndGradient(logits, targets);
        var dNormed = _products.Backward(_embedding, logits, normed, _scratch.Matrix("dNormed", x.shape[0], _shape.Width));
        var dx = zeros_like(x);
        RmsNormKernel.Backward(dNormed, x, _finalGain, inverse, dx);
        return (loss, dx);
    }

    private (Tensor Normed, Tensor Inverse) Normed(Tensor x)
    {
        var (normed, inverse) = (empty_like(x), empty(x.shape[0], 1));
        RmsNormKernel.Forward(x, _finalGain.Value, normed, inverse);
        return (normed, inverse);
    }

    /// <summary>Rows of one token may meet, so one thread adds them, in their order.</summary>
    private void AddToEmbedding(int[] ids, Tensor dx)
    {
        var width = _shape.Width;
        var gradient = Floats(_embedding.Gradient);
        var rows = Floats(dx);
        for (var i = 0; i < ids.Length; i++)
        {
            var target = gradient.Slice(ids[i] * width, width);
            TensorPrimitives.Add(target, rows.Slice(i * width, width), target);
        }
    }

    public void Dispose()
    {
        foreach (var pass in _attention) pass.Dispose();
        foreach (var pass in _mlp) pass.Dispose();
        _finalGain.Dispose();
        _embedding.Dispose();
        _scratch.Dispose();
        _products.Dispose();
    }
}
