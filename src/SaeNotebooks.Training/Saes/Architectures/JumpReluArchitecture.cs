using SaeNotebooks.Runtime;
using SaeNotebooks.Saes;
using static TorchSharp.torch;

namespace SaeNotebooks.Training.Saes.Architectures;

/// <summary>What a JumpReLU SAE is penalised for.</summary>
public enum JumpReluPenalty
{
    /// <summary>The number of active latents (Rajamanoharan et al. 2024b, DeepMind).</summary>
    Step,

    /// <summary>Σ tanh(c · a · ‖W_dec‖), a smooth count (Anthropic, update of January 2025).</summary>
    Tanh,
}

/// <summary>
/// JumpReLU SAE (Rajamanoharan et al. 2024b): <c>a = z ⊙ 1[z &gt; θ]</c> of <c>z = (x − b_dec) W_enc + b_enc</c>,
/// <c>loss = ‖x − x̂‖² + λ Σᵢ 1[zᵢ &gt; θᵢ]</c>.
/// The steps have no gradient in θ; it is estimated from the tokens within half a bandwidth ε of θ:
/// <c>∂a/∂θ = −(θ/ε) rect((z − θ)/ε)</c>, <c>∂1[z &gt; θ]/∂θ = −(1/ε) rect((z − θ)/ε)</c> (their equations 11 and 12).
/// </summary>
public sealed record JumpReluArchitecture : SaeArchitecture
{
    private const string Direct = "threshold", Logarithm = "log_threshold";

    /// <summary>What decides λ.</summary>
    public Sparsity Sparsity { get; init; } = Sparsity.Target(64);

    /// <summary>What is penalised.</summary>
    public JumpReluPenalty Penalty { get; init; } = JumpReluPenalty.Step;

    /// <summary>c of the tanh.</summary>
    public double TanhScale { get; init; } = 4;

    /// <summary>θ at the beginning, of every latent.</summary>
    public double InitialThreshold { get; init; } = 0.01;

    /// <summary>ε: width of the window in which tokens tell the thresholds where to go, in units of the activations.</summary>
    public double Bandwidth { get; init; } = 0.05;

    /// <summary>Whether log θ is learnt instead of θ, as in the paper. Adam moves either by about the rate per step, so a small θ is then
    /// nearly frozen.</summary>
    public bool LogThreshold { get; init; }

    /// <summary>Weight of Σ ReLU(θ − z) ‖W_dec‖ over dead latents, which pulls them back to life; 0 for none (Anthropic: 3e-6).</summary>
    public double DeadLatentWeight { get; init; }

    /// <inheritdoc/>
    public override string Name => "jumprelu";

    internal override Sparsity SparsityControl => Sparsity;

    internal override SaeParameters Initialise(long inputWidth, long outputWidth, Tensor centre, Generator generator)
    {
        using var scope = NewDisposeScope();
        var parameters = base.Initialise(inputWidth, outputWidth, centre, generator);
        if (LogThreshold) parameters.Train(Logarithm, ones(Width).Times(Math.Log(InitialThreshold)), Unit.LogInput);
        else parameters.Train(Direct, ones(Width).Times(InitialThreshold), Unit.Input);
        return parameters;
    }

    internal override ForwardPass Forward(SaeParameters p, Tensor x, Tensor y, StepContext step)
    {
        var (z, θ, norms) = (p.PreActivations(x), Threshold(p), p.DecoderNorms());
        var open = z.gt(θ).to(float32); // [batch, d_sae]
        var near = Near(z.detach(), θ.detach());
        // θ − θ.detach() is 0, but carries the gradient that the factor behind it says.
        var pull = (θ - θ.detach()) * near.Times(-1 / Bandwidth);
        var a = (z * open).Plus(pull * θ.detach());
        var residual = p.Decode(a) - y;
        var count = Penalty == JumpReluPenalty.Step ? open.Plus(pull) : (a * norms).Times(TanhScale).tanh();

        List<(string, Tensor)> terms = [("mse", SquaredError(residual)), ("l0", count.sum(-1).mean().Times(step.Coefficient))];
        if (DeadLatentWeight > 0) terms.Add(("dead", DeadLatents(z, θ, norms, step).Times(DeadLatentWeight)));
        return new(terms, a, residual);
    }

    internal override Sae Export(SaeParameters p, SaeConfig config) => Exports.JumpRelu(p, Threshold(p), config);

    private Tensor Threshold(SaeParameters p) => LogThreshold ? p[Logarithm].exp() : p[Direct].relu();

    /// <summary>rect((z − θ)/ε): 1 within half a bandwidth.</summary>
    private Tensor Near(Tensor z, Tensor θ)
    {
        var half = tensor((float)(Bandwidth / 2));
        return (z - θ).abs().lt(half).to(float32);
    }

    private static Tensor DeadLatents(Tensor z, Tensor θ, Tensor norms, StepContext step)
    {
        if (step.DeadLatents is not { } dead) return zeros(1).sum();
        return (θ - z).relu().index_select(1, dead).matmul(norms.index_select(0, dead)).mean();
    }
}
