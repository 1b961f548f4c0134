using SaeNotebooks.Runtime;
using static TorchSharp.torch;

namespace SaeNotebooks.Training.Saes.Architectures;

/// <summary>What a tensor's numbers are in units of.</summary>
internal enum Unit
{
    /// <summary>Pure numbers.</summary>
    One,

    /// <summary>The activation that is read, as are the activations of latents.</summary>
    Input,

    /// <summary>The logarithm of the same.</summary>
    LogInput,

    /// <summary>The activation that is reconstructed.</summary>
    Output,

    /// <summary>What is written per unit of a latent.</summary>
    OutputPerInput,
}

/// <summary>The tensors of an SAE in training, by name, in float32. Owns them.</summary>
/// <remarks>The encoder is kept by latent, [d_sae, d_in]: what a latent reads is a row, as what it writes is a row of the decoder, so
/// that a step that touches few latents touches few rows.</remarks>
internal sealed class SaeParameters(bool subtractDecoderBias) : IDisposable
{
    public const string EncoderName = "encoder", DecoderName = "decoder", EncoderBiasName = "b_enc", DecoderBiasName = "b_dec", SkipName = "skip";

    private readonly List<(string Name, Tensor Tensor)> _trained = [], _kept = [];
    private readonly Dictionary<string, Unit> _units = [];

    /// <summary>What gradients change, in the order in which they were added.</summary>
    public IReadOnlyList<(string Name, Tensor Tensor)> Trained => _trained;

    /// <summary>What is carried along without gradients, such as a running threshold.</summary>
    public IReadOnlyList<(string Name, Tensor Tensor)> Kept => _kept;

    /// <summary>[d_sae, d_in]: W_enc transposed.</summary>
    public Tensor Encoder => this[EncoderName];

    /// <summary>[d_sae, d_out]: W_dec.</summary>
    public Tensor Decoder => this[DecoderName];

    /// <summary>[d_sae]</summary>
    public Tensor EncoderBias => this[EncoderBiasName];

    /// <summary>[d_out]</summary>
    public Tensor DecoderBias => this[DecoderBiasName];

    /// <summary>[d_in, d_out] of a skip transcoder, whose output has x · skip added; null elsewhere.</summary>
    public Tensor? Skip => _trained.FirstOrDefault(t => t.Name == SkipName).Tensor;

    /// <summary>Whether the decoder's bias is taken off the input: in autoencoders, whose input and output are the same thing.</summary>
    public bool SubtractsDecoderBias => subtractDecoderBias;

    /// <summary>A tensor by its name.</summary>
    public Tensor this[string name] => _trained.Concat(_kept).First(t => t.Name == name).Tensor;

    /// <summary>Adds a tensor that gradients change; it is copied.</summary>
    public void Train(string name, Tensor initial, Unit unit)
    {
        using var quiet = no_grad();
        _trained.Add((name, initial.detach().clone().contiguous().requires_grad_(true).DetachFromDisposeScope()));
        _units[name] = unit;
    }

    /// <summary>Adds a tensor that gradients do not change; it is copied.</summary>
    public void Keep(string name, Tensor initial, Unit unit)
    {
        _kept.Add((name, initial.clone().DetachFromDisposeScope()));
        _units[name] = unit;
    }

    /// <summary>The same SAE for activations that have not been scaled; the caller owns it.</summary>
    /// <param name="input">what the input was multiplied by in training</param>
    /// <param name="output">what the target was multiplied by</param>
    public SaeParameters Unscaled(double input, double output)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var raw = new SaeParameters(subtractDecoderBias);
        foreach (var (name, tensor) in _trained) raw.Train(name, Unscaled(tensor.detach(), _units[name]), _units[name]);
        foreach (var (name, tensor) in _kept) raw.Keep(name, Unscaled(tensor, _units[name]), _units[name]);
        return raw;

        Tensor Unscaled(Tensor x, Unit unit) => unit switch
        {
            Unit.Input => x.Times(1 / input),
            Unit.LogInput => x - tensor(Math.Log(input)),
            Unit.Output => x.Times(1 / output),
            Unit.OutputPerInput => x.Times(input / output),
            _ => x,
        };
    }

    /// <summary>x − b_dec in an autoencoder, x in a transcoder: [batch, d_in].</summary>
    public Tensor Centre(Tensor x) => subtractDecoderBias ? x - DecoderBias : x;

    /// <summary>(x − b_dec) · W_enc + b_enc: [batch, d_in] → [batch, d_sae].</summary>
    public Tensor PreActivations(Tensor x) => Centre(x).matmul(Encoder.t()).Plus(EncoderBias);

    /// <summary>a · W_dec + b_dec: [batch, d_sae] → [batch, d_out].</summary>
    public Tensor Decode(Tensor activations) => activations.matmul(Decoder).Plus(DecoderBias);

    /// <summary>[d_sae]: how long what a latent writes is.</summary>
    public Tensor DecoderNorms() => (Decoder * Decoder).sum(-1).sqrt();

    public void Dispose()
    {
        foreach (var (_, tensor) in _trained.Concat(_kept)) tensor.Dispose();
    }
}
