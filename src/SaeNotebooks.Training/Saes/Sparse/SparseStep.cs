using SaeNotebooks.Runtime;
using SaeNotebooks.Training.Saes.Architectures;
using static TorchSharp.torch;

namespace SaeNotebooks.Training.Saes.Sparse;

/// <summary>
/// A step of a TopK-like SAE with gradients by hand. Only the encoder's product is dense; whatever comes after it costs as much as there are
/// active latents, however wide the SAE is. <see cref="TopKFamily.Forward"/> is the same as a formula.
/// </summary>
/// <remarks>With scores z ⊙ ‖W_dec‖ and decoder rows W_dec / ‖W_dec‖ the norms cancel in what is written, z W_dec, and so in its gradients; they
/// decide only which latents are active.</remarks>
internal sealed class SparseStep
{
    private readonly SaeParameters _p;
    private readonly Workspace _work;
    private readonly IReadOnlyList<int> _levels;
    private readonly Tensor _centred, _y;
    private readonly ActivePairs _active;
    private readonly Tensor[] _residuals; // by level [batch, d_out]; later each with those of the wider levels added
    private readonly float[] _slopes; // by pair: gradient of the loss in the latent's value

    private SparseStep(TopKFamily architecture, SaeParameters p, Tensor x, Tensor y, Workspace work)
    {
        (_p, _work, _levels, _y) = (p, work, architecture.Levels, y);
        _centred = p.Centre(x).contiguous();
        _active = Activate(architecture.Selection(x.shape[0]), out var smallest);
        architecture.Observe(p, smallest);
        var start = p.Skip is { } skip ? x.matmul(skip).Plus(p.DecoderBias) : p.DecoderBias.expand(y.shape);
        _residuals = [.. _levels.Select((_, i) => _work.Take($"residual {i}", y.shape))];
        _residuals[0].copy_(start);
        _slopes = new float[_active.Count];
    }

    /// <summary>See <see cref="SaeArchitecture.Step"/>.</summary>
    public static StepResult Run(TopKFamily architecture, SaeParameters p, Tensor x, Tensor y, StepContext context, Workspace work)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var step = new SparseStep(architecture, p, x, y, work);
        var errors = step.Reconstruct();
        var residual = step._residuals[^1];
        var gradients = work.Gradients(p);
        var fired = step.Differentiate(gradients, x);
        var auxiliary = step.Auxiliary(architecture, context, gradients);
        return new([("mse", errors[^1]), ("auxiliary", auxiliary), .. errors.SkipLast(1).Select((e, i) => ($"mse_{architecture.Levels[i]}", e))],
            step._active.Count / (double)x.shape[0], fired.MoveToOuterDisposeScope(), residual, gradients);
    }

    /// <summary>The active latents with their values, and the smallest score among them.</summary>
    private ActivePairs Activate(ISelection selection, out double smallest)
    {
        var norms = _p.DecoderNorms();
        var scoring = _work.Take("scoring encoder", _p.Encoder.shape); // rows times norms, so that products are scores
        scoring.copy_(_p.Encoder).mul_(norms.unsqueeze(1));
        var chosen = selection.Choose(_centred, scoring, _p.EncoderBias * norms);
        smallest = chosen.Count == 0 ? 0 : chosen.Values.Min();
        var lengths = norms.data<float>().ToArray();
        for (var i = 0; i < chosen.Count; i++) chosen.Values[i] /= lengths[chosen.Latents[i]];
        return chosen;
    }

    /// <summary>Residuals of all levels, and the slopes while the decoder rows are at hand. Returns the mean squared error of each level.</summary>
    private double[] Reconstruct()
    {
        var batch = _active.Tokens;
        var factor = 2f / batch;
        var errors = new double[_levels.Count, batch];
        FloatMatrix decoder = new(_p.Decoder), target = new(_y);
        FloatMatrix[] residuals = [.. _residuals.Select(r => new FloatMatrix(r))];
        Rows.InParts(batch, (from, to) =>
        {
            for (var token = from; token < to; token++)
            {
                var pair = _active.Start[token];
                for (var level = 0; level < _levels.Count; level++)
                {
                    var written = residuals[level][token];
                    if (level > 0) residuals[level - 1][token].CopyTo(written); // reconstruction so far
                    for (; pair < _active.Start[token + 1] && _active.Latents[pair] < _levels[level]; pair++)
                        Rows.AddScaled(written, decoder[_active.Latents[pair]], _active.Values[pair]);
                }
                for (var level = _levels.Count - 1; level >= 0; level--)
                {
                    var residual = residuals[level][token];
                    Rows.AddScaled(residual, target[token], -1);
                    errors[level, token] = Rows.Dot(residual, residual);
                    if (level + 1 < _levels.Count) Rows.AddScaled(residual, residuals[level + 1][token], 1);
                    for (; pair > _active.Start[token] && (level == 0 || _active.Latents[pair - 1] >= _levels[level - 1]); pair--)
                        _slopes[pair - 1] = factor * Rows.Dot(residual, decoder[_active.Latents[pair - 1]]);
                }
            }
        });
        return [.. Enumerable.Range(0, _levels.Count).Select(l => Enumerable.Range(0, batch).Sum(t => errors[l, t]) / batch)];
    }

    /// <summary>Fills the gradients, row by row of the latents. Returns which latents were active, [d_sae] bool.</summary>
    private Tensor Differentiate(IReadOnlyList<Tensor> gradients, Tensor x)
    {
        var width = (int)_p.Encoder.shape[0];
        var byLatent = _active.ByLatent(width);
        var factor = 2f / _active.Tokens;
        FloatMatrix encoder = new(Of(SaeParameters.EncoderName, gradients)), decoder = new(Of(SaeParameters.DecoderName, gradients));
        FloatMatrix inputs = new(_centred);
        FloatMatrix[] residuals = [.. _residuals.Select(r => new FloatMatrix(r))];
        var slopes = new float[width]; // gradient of the encoder's bias
        Rows.InParts(width, (from, to) =>
        {
            for (var (latent, level) = (from, 0); latent < to; latent++)
            {
                while (latent >= _levels[level]) level++;
                Span<float> reads = encoder[latent], writes = decoder[latent];
                reads.Clear();
                writes.Clear();
                for (var at = byLatent.Start[latent]; at < byLatent.Start[latent + 1]; at++)
                {
                    var (pair, token) = (byLatent.Pairs[at], byLatent.Tokens[at]);
                    Rows.AddScaled(reads, inputs[token], _slopes[pair]);
                    Rows.AddScaled(writes, residuals[level][token], factor * _active.Values[pair]);
                    slopes[latent] += _slopes[pair];
                }
            }
        });
        var bias = Of(SaeParameters.EncoderBiasName, gradients);
        bias.copy_(tensor(slopes));
        var decoderBias = Of(SaeParameters.DecoderBiasName, gradients);
        decoderBias.copy_(_residuals[0].sum([0L]).Times(factor)); // every level has the bias in it
        if (_p.SubtractsDecoderBias) decoderBias.sub_(_p.Encoder.t().mv(bias));
        if (_p.Skip is not null) Of(SaeParameters.SkipName, gradients).copy_(x.t().matmul(_residuals[0]).Times(factor));
        return tensor([.. Enumerable.Range(0, width).Select(l => byLatent.Start[l + 1] > byLatent.Start[l])]);
    }

    /// <summary>Dead latents are few: their loss is differentiated as a formula, on copies of their rows, and added.</summary>
    private double Auxiliary(TopKFamily architecture, StepContext context, IReadOnlyList<Tensor> gradients)
    {
        if (architecture.AuxiliaryWeight == 0 || context.DeadLatents is not { } dead) return 0;
        using var loud = enable_grad();
        Tensor Leaf(Tensor of) => of.detach().index_select(0, dead).requires_grad_(true);
        Tensor encoder = Leaf(_p.Encoder), bias = Leaf(_p.EncoderBias), decoder = Leaf(_p.Decoder);
        var written = architecture.BiasInAuxiliary ? _p.DecoderBias.detach().clone().requires_grad_(true) : null;
        var loss = AuxK.Loss(_centred, _residuals[^1], encoder, bias, decoder, written).Times(architecture.AuxiliaryWeight);
        loss.backward();
        using var quiet = no_grad();
        Of(SaeParameters.EncoderName, gradients).index_add_(0, dead, encoder.grad!, Scalars.One);
        Of(SaeParameters.EncoderBiasName, gradients).index_add_(0, dead, bias.grad!, Scalars.One);
        Of(SaeParameters.DecoderName, gradients).index_add_(0, dead, decoder.grad!, Scalars.One);
        var decoderBias = Of(SaeParameters.DecoderBiasName, gradients);
        if (_p.SubtractsDecoderBias) decoderBias.sub_(encoder.detach().t().mv(bias.grad!));
        if (written is not null) decoderBias.add_(written.grad!, Scalars.One);
        return loss.to(float64).item<double>();
    }

    private Tensor Of(string name, IReadOnlyList<Tensor> gradients) => gradients[_p.Trained.Index().First(t => t.Item.Name == name).Index];
}
