using SaeNotebooks.Runtime;
using SaeNotebooks.Saes;
using static TorchSharp.torch;

namespace SaeNotebooks.Training.Saes.Architectures;

/// <summary>
/// What kind of SAE is trained, and on what loss: one record per architecture, with its settings. All losses are sums over the dimensions
/// of an activation and means over the tokens of a batch.
/// </summary>
public abstract record SaeArchitecture
{
    /// <summary>d_sae: number of latents.</summary>
    public required int Width { get; init; }

    /// <summary>Norm of the decoder's rows at the beginning; the encoder begins as the decoder's transpose.</summary>
    public double InitialDecoderNorm { get; init; } = 0.1;

    /// <summary>Its name in SAELens.</summary>
    public abstract string Name { get; }

    /// <summary>Whether it predicts another activation than the one it reads.</summary>
    public virtual bool IsTranscoder => false;

    /// <summary>What holds L0 where it should be; null where the architecture itself fixes it.</summary>
    internal virtual Sparsity? SparsityControl => null;

    /// <summary>Draws the tensors.</summary>
    /// <param name="inputWidth">d_in</param>
    /// <param name="outputWidth">d_out; d_in of autoencoders</param>
    /// <param name="centre">[d_out]: the decoder's bias at the beginning, usually the mean of what is to be reconstructed</param>
    /// <param name="generator">of random numbers</param>
    internal virtual SaeParameters Initialise(long inputWidth, long outputWidth, Tensor centre, Generator generator)
    {
        using var scope = NewDisposeScope();
        var parameters = new SaeParameters(subtractDecoderBias: !IsTranscoder);
        var decoder = Directions(outputWidth, generator);
        parameters.Train(SaeParameters.EncoderName, IsTranscoder ? Directions(inputWidth, generator) : decoder, Unit.One);
        parameters.Train(SaeParameters.DecoderName, decoder, Unit.OutputPerInput);
        AddEncoderBias(parameters);
        parameters.Train(SaeParameters.DecoderBiasName, centre, Unit.Output);
        return parameters;
    }

    private protected virtual void AddEncoderBias(SaeParameters parameters) => parameters.Train(SaeParameters.EncoderBiasName, zeros(Width), Unit.Input);

    /// <summary>The formula: activations, reconstruction and the terms of the loss, differentiable.</summary>
    /// <param name="p">the tensors</param>
    /// <param name="x">[batch, d_in] float32: what is read</param>
    /// <param name="y">[batch, d_out] float32: what is to be reconstructed; x itself in autoencoders</param>
    /// <param name="step">dead latents and coefficients of this step</param>
    internal abstract ForwardPass Forward(SaeParameters p, Tensor x, Tensor y, StepContext step);

    /// <summary>Losses and gradients of one step: by automatic differentiation, unless an architecture knows a faster way.</summary>
    /// <param name="p">the tensors</param>
    /// <param name="x">[batch, d_in] float32</param>
    /// <param name="y">[batch, d_out] float32</param>
    /// <param name="step">dead latents and coefficients of this step</param>
    /// <param name="workspace">memory that is used again and again</param>
    /// <returns>losses and gradients; tensors belong to the caller's dispose scope or to the workspace</returns>
    internal virtual StepResult Step(SaeParameters p, Tensor x, Tensor y, StepContext step, Sparse.Workspace workspace) =>
        StepResult.ByAutograd(p, Forward(p, x, y, step));

    /// <summary>The SAE for use, on the activations that were given to <see cref="Forward"/>; the caller owns it.</summary>
    internal abstract Sae Export(SaeParameters p, SaeConfig config);

    private Tensor Directions(long width, Generator generator) =>
        nn.functional.normalize(randn([Width, width], generator: generator), dim: -1).Times(InitialDecoderNorm);

    /// <summary>Σ over dimensions, mean over tokens.</summary>
    private protected static Tensor SquaredError(Tensor residual) => (residual * residual).sum(-1).mean();
}
