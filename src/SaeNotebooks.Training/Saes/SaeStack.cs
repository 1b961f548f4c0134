using SaeNotebooks.Runtime;
using SaeNotebooks.Saes;
using SaeNotebooks.Saes.Activations;
using static TorchSharp.torch;

namespace SaeNotebooks.Training.Saes;

/// <summary>
/// TopK SAEs of equal size for several hooks, stacked so that one batched product serves all. Activations are scaled per hook to
/// a root-mean-square norm of √d_in while training; <see cref="Build"/> folds the scale away.
/// </summary>
internal sealed class SaeStack : IDisposable
{
    /// <summary>At most one latent in so many takes part in the AuxK loss: about d_in / 2 at an expansion of 8, as in the paper.</summary>
    private const int AuxiliaryDivisor = 12;

    private readonly int _k;

    /// <param name="mean">[hooks, d_in]: mean activation, the first decoder bias</param>
    /// <param name="scale">[hooks]: what activations are multiplied by</param>
    /// <param name="plan">sizes and seed</param>
    public SaeStack(Tensor mean, Tensor scale, SaeTrainingPlan plan)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)plan.Seed, CPU);
        long hooks = mean.shape[0], d = mean.shape[1], n = d * plan.Expansion;
        _k = plan.K;
        Scale = scale.clone().DetachFromDisposeScope();
        var directions = nn.functional.normalize(randn([hooks, n, d], generator: generator), dim: -1);
        Decoder = Leaf(directions);
        Encoder = Leaf(directions.transpose(1, 2).contiguous());
        EncoderBias = Leaf(zeros(hooks, n));
        DecoderBias = Leaf(mean * scale.unsqueeze(1));
        Silent = zeros([hooks, n], int64).DetachFromDisposeScope();
    }

    /// <summary>[hooks]</summary>
    public Tensor Scale { get; }

    /// <summary>[hooks, d_in, d_sae]</summary>
    public Tensor Encoder { get; }

    /// <summary>[hooks, d_sae, d_in], rows of norm 1</summary>
    public Tensor Decoder { get; }

    /// <summary>[hooks, d_sae]</summary>
    public Tensor EncoderBias { get; }

    /// <summary>[hooks, d_in]</summary>
    public Tensor DecoderBias { get; }

    /// <summary>[hooks, d_sae] int64: tokens since each latent last fired.</summary>
    public Tensor Silent { get; }

    /// <summary>The trained tensors by SAELens's names; the stack owns them.</summary>
    public IEnumerable<(string Name, Tensor Tensor)> Named() =>
        [("W_enc", Encoder), ("W_dec", Decoder), ("b_enc", EncoderBias), ("b_dec", DecoderBias)];

    /// <summary>Reconstruction loss relative to the variance, plus AuxK on dead latents; keeps count of silence.</summary>
    /// <param name="raw">[hooks, tokens, d_in] float32 activations</param>
    /// <param name="plan">weights and thresholds</param>
    /// <returns>the loss to minimise and, per hook, the fraction of variance left unexplained [hooks]</returns>
    public (Tensor Loss, Tensor Unexplained) Loss(Tensor raw, SaeTrainingPlan plan)
    {
        var x = raw * Scale.view(-1, 1, 1);
        var pre = (x - DecoderBias.unsqueeze(1)).to(bfloat16).bmm(Encoder.to(bfloat16)).to(float32).Plus(EncoderBias.unsqueeze(1));
        var (values, ids) = pre.topk(_k, -1);
        var latents = zeros_like(pre).scatter(-1, ids, values.relu()); // [hooks, tokens, d_sae]
        var residual = x - Decode(latents) - DecoderBias.unsqueeze(1);
        var variance = SumOfSquares(x - x.mean([1], keepdim: true));
        var unexplained = SumOfSquares(residual) / variance;
        CountSilence(latents, raw.shape[1]);
        return (unexplained.sum().Plus(Auxiliary(pre, residual.detach(), variance, plan).Times(plan.AuxiliaryWeight)), unexplained.detach());
    }

    private Tensor Decode(Tensor latents) => latents.to(bfloat16).bmm(Decoder.to(bfloat16)).to(float32);

    private static Tensor SumOfSquares(Tensor x) => (x * x).sum([1, 2]); // [hooks]

    /// <summary>[hooks, d_sae] bool: latents that have long been silent; the caller owns it.</summary>
    public Tensor Dead(SaeTrainingPlan plan)
    {
        using var limit = tensor((long)plan.DeadAfterTokens);
        return Silent.gt(limit);
    }

    private void CountSilence(Tensor latents, long tokens)
    {
        using var quiet = no_grad();
        var fired = latents.gt(Scalars.Zero).any(1); // [hooks, d_sae]
        Silent.sub_(tensor(-tokens)).mul_(fired.logical_not());
    }

    /// <summary>Dead latents reconstruct what the living ones left over, so that they come back where they are needed.</summary>
    private Tensor Auxiliary(Tensor pre, Tensor residual, Tensor variance, SaeTrainingPlan plan)
    {
        var dead = Dead(plan); // [hooks, d_sae]
        var most = dead.sum(1).max().item<long>();
        if (most == 0) return zeros(1);
        var among = pre.masked_fill(dead.logical_not().unsqueeze(1), Scalars.NegativeInfinity);
        var (values, ids) = among.topk((int)Math.Min(most, Math.Max(1, pre.shape[^1] / AuxiliaryDivisor)), -1);
        var latents = zeros_like(pre).scatter(-1, ids, values.relu());
        return (SumOfSquares(residual - Decode(latents)) / variance).sum();
    }

    /// <summary>Takes out of the decoder's gradient what would only change the norms of its rows; to be called before the optimiser's step.</summary>
    public void ProjectGradient()
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var along = (Decoder.grad! * Decoder).sum(-1, keepdim: true);
        Decoder.grad!.sub_(along * Decoder);
    }

    /// <summary>Brings the decoder's rows back to norm 1; to be called after the optimiser's step.</summary>
    public void Normalise()
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        Decoder.copy_(nn.functional.normalize(Decoder, dim: -1));
    }

    /// <summary>The SAE of one hook, in units of the raw activation; the caller owns it.</summary>
    public Sae Build(int index, SaeConfig config)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var scale = Scale[index];
        // With W_enc and W_dec as they are and both biases divided, latents come out divided by the scale too, and decoder rows keep norm 1.
        return new(config, new TopK(_k), Encoder[index].clone(), Decoder[index].clone(), EncoderBias[index] / scale, DecoderBias[index] / scale);
    }

    private static Tensor Leaf(Tensor values) => values.clone().requires_grad_(true).DetachFromDisposeScope();

    public void Dispose()
    {
        foreach (var (_, tensor) in Named()) tensor.Dispose();
        Scale.Dispose();
        Silent.Dispose();
    }
}
