using SaeNotebooks.Display;
using SaeNotebooks.Runtime;
using SaeNotebooks.Saes.Activations;
using SaeNotebooks.Saes.Kernels;
using SaeNotebooks.Saes.Normalisations;
using static TorchSharp.torch;

namespace SaeNotebooks.Saes;

/// <summary>
/// A sparse autoencoder or transcoder of any architecture: latents = σ((x − b_dec) · W_enc + b_enc), reconstruction = latents · W_dec + b_dec,
/// plus x · W_skip in a skip transcoder. What differs between architectures is σ, the <see cref="SparseActivation"/>.
/// Owns its tensors, which are float32. Encoding and decoding keep no native memory beyond what they return.
/// </summary>
[TypeFormatterSource(typeof(FormatterSource))]
public sealed class Sae : IDisposable, IDisplayable
{
    private Tensor? _narrowWeights; // W_encᵀ [d_sae, d_in] bfloat16

    /// <param name="config">what it reads</param>
    /// <param name="activation">its nonlinearity</param>
    /// <param name="encoder">W_enc [d_in, d_sae]; ownership of this and the other tensors passes to the SAE</param>
    /// <param name="decoder">W_dec [d_sae, d_out]; d_out is d_in unless it is a transcoder</param>
    /// <param name="encoderBias">b_enc [d_sae]</param>
    /// <param name="decoderBias">b_dec [d_out]</param>
    /// <param name="skip">W_skip [d_in, d_out] of a skip transcoder, applied as x · W_skip; else null</param>
    /// <exception cref="ArgumentException">shapes that do not fit each other</exception>
    public Sae(SaeConfig config, SparseActivation activation, Tensor encoder, Tensor decoder, Tensor encoderBias, Tensor decoderBias, Tensor? skip = null)
    {
        (Config, Activation) = (config, activation);
        (Encoder, Decoder, EncoderBias, DecoderBias, Skip) = (encoder, decoder, encoderBias, decoderBias, skip);
        SaeShapes.RequireFit(this);
        activation.RequireFit(Width);
        (Encoder, Decoder) = (SaeShapes.LatentMajor(encoder), SaeShapes.RowMajor(decoder));
        foreach (var tensor in Tensors()) tensor.DetachFromDisposeScope();
    }

    /// <summary>What it reads.</summary>
    public SaeConfig Config { get; private set; }

    /// <summary>Its nonlinearity.</summary>
    public SparseActivation Activation { get; }

    /// <summary>W_enc [d_in, d_sae] float32; in memory latent after latent.</summary>
    public Tensor Encoder { get; }

    /// <summary>W_dec [d_sae, d_out] float32.</summary>
    public Tensor Decoder { get; }

    /// <summary>b_enc [d_sae] float32.</summary>
    public Tensor EncoderBias { get; }

    /// <summary>b_dec [d_out] float32.</summary>
    public Tensor DecoderBias { get; }

    /// <summary>W_skip [d_in, d_out] float32 of a skip transcoder, else null.</summary>
    public Tensor? Skip { get; }

    /// <summary>d_in: width of the activation that is encoded.</summary>
    public int InputWidth => (int)Encoder.shape[0];

    /// <summary>d_out: width of the reconstruction; d_in unless it is a transcoder.</summary>
    public int OutputWidth => (int)Decoder.shape[1];

    /// <summary>d_sae: number of latents.</summary>
    public int Width => (int)Encoder.shape[1];

    /// <summary>Chooses the type in which the product x · W_enc is made: bfloat16 halves the memory that is read, and is several times faster on
    /// processors that have it, at three significant digits. Biases, thresholds and decoding remain float32.</summary>
    /// <param name="dtype">float32, which is the default, or bfloat16</param>
    /// <exception cref="ArgumentException">another type</exception>
    public void MakeProductIn(ScalarType dtype)
    {
        if (dtype is not (ScalarType.Float32 or ScalarType.BFloat16)) throw new ArgumentException($"The product can be made in float32 or bfloat16, not {dtype}.", nameof(dtype));
        _narrowWeights?.Dispose();
        using var upright = Encoder.t();
        _narrowWeights = dtype == ScalarType.BFloat16 ? upright.to(bfloat16).DetachFromDisposeScope() : null;
    }

    /// <summary>The latents that fire on an activation.</summary>
    /// <param name="x">[…, d_in], or […, n_heads, d_head] at <c>hook_z</c>; any dtype, computed in float32</param>
    /// <returns>the active latents of each token; the caller disposes it</returns>
    /// <exception cref="ArgumentException">another shape, or an activation that is not finite</exception>
    public SparseLatents Encode(Tensor x)
    {
        var encoded = SaeShapes.OfOneToken(this, x);
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var (centred, normalised) = Centre(x);
        var (offsets, ids, values) = SparseEncoder.Run(centred, _narrowWeights ?? Encoder.t(), EncoderBias, Activation);
        return new(offsets, ids, values, Width, x.shape[..^encoded.Length], encoded, normalised?.Scale, normalised?.Shift);
    }

    /// <summary>What W_enc is applied to: the tokens one after the other, normalised and without b_dec where the SAE wants that. The tensors belong to
    /// the caller's scope.</summary>
    /// <param name="x">as for <see cref="Encode"/></param>
    internal (Tensor Centred, Normalised? Normalised) Centre(Tensor x)
    {
        var rows = x.reshape(-1, InputWidth).to(float32);
        SaeShapes.RequireFinite(rows);
        var normalised = Config.Normalisation?.Apply(rows);
        var centred = normalised?.Rows ?? rows;
        return (Config.SubtractDecoderBias ? centred - DecoderBias : centred, normalised);
    }

    /// <summary>The activation that the latents stand for; without W_skip, whose input is not known here.</summary>
    /// <param name="latents">from <see cref="Encode"/></param>
    /// <returns>[…, d_out] float32, or in the shape that was encoded; the caller owns it</returns>
    public Tensor Decode(SparseLatents latents)
    {
        if (latents.Width != Width) throw new ArgumentException($"These latents are of an SAE with {latents.Width} latents; this one has {Width}.");
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var rows = SparseDecoder.Run(latents, Decoder, DecoderBias); // [tokens, d_out]
        if (latents.Scale is { } scale) rows = rows * scale;
        if (latents.Shift is { } shift) rows = rows.Plus(shift);
        long[] tail = Config.IsTranscoder ? [OutputWidth] : latents.EncodedShape ?? [OutputWidth];
        return rows.view([.. latents.Shape, .. tail]).MoveToOuterDisposeScope();
    }

    /// <summary>Encode, then decode, and add x · W_skip if there is one; the caller owns the result.</summary>
    /// <param name="x">as for <see cref="Encode"/></param>
    /// <returns>[…, d_out] float32</returns>
    public Tensor Reconstruct(Tensor x)
    {
        using var latents = Encode(x);
        if (Skip is null) return Decode(latents);
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        return Decode(latents).Plus(x.to(float32).matmul(Skip)).MoveToOuterDisposeScope();
    }

    /// <summary>The part of an activation that the SAE does not explain: x − reconstruction; the caller owns it.</summary>
    /// <param name="x">as for <see cref="Encode"/></param>
    /// <returns>float32, of the shape of <paramref name="x"/></returns>
    /// <exception cref="InvalidOperationException">it is a transcoder, whose error is that of another activation</exception>
    public Tensor Error(Tensor x) => Config.IsTranscoder
        ? throw new InvalidOperationException($"This is a transcoder, which reads {Config.Hook} and predicts {OutputName}; its error is Error(x, target).")
        : Error(x, x);

    /// <summary>What a transcoder does not explain of its target: target − reconstruction; the caller owns it.</summary>
    /// <param name="x">as for <see cref="Encode"/></param>
    /// <param name="target">[…, d_out]: the activation that it predicts</param>
    /// <returns>[…, d_out] float32</returns>
    public Tensor Error(Tensor x, Tensor target)
    {
        using var scope = NewDisposeScope();
        var reconstruction = Reconstruct(x);
        if (!target.shape.AsSpan().SequenceEqual(reconstruction.shape))
            throw new ArgumentException($"The target has shape {SaeShapes.Text(target)}; this reconstruction of it has {SaeShapes.Text(reconstruction)}.", nameof(target));
        return (target.to(float32) - reconstruction).MoveToOuterDisposeScope();
    }

    /// <summary>The direction that a latent writes: its row of W_dec. A copy; the caller owns it.</summary>
    /// <param name="latent">from 0</param>
    /// <returns>[d_out] float32</returns>
    public Tensor Direction(int latent)
    {
        RequireLatent(latent);
        using var row = Decoder.select(0, latent);
        return row.clone();
    }

    /// <summary>Notes the name by which Neuronpedia shows it.</summary>
    internal void ShownAs(string neuronpediaId) => Config = Config with { NeuronpediaId = neuronpediaId };

    /// <summary>Refuses a latent that the SAE does not have.</summary>
    /// <exception cref="ArgumentOutOfRangeException">no such latent</exception>
    public void RequireLatent(int latent)
    {
        if (latent < 0 || latent >= Width)
            throw new ArgumentOutOfRangeException(nameof(latent), latent, $"The SAE at {Config.Hook} has latents 0 to {Width - 1}.");
    }

    /// <inheritdoc/>
    public string ToHtml() => Card.ToHtml();

    /// <inheritdoc/>
    public string ToText() => Card.ToText();

    /// <inheritdoc/>
    public override string ToString() => Config.IsTranscoder
        ? $"{Activation.Architecture} transcoder from {Config.Hook} to {OutputName} of {Config.ModelName}: {InputWidth} → {Width} latents → {OutputWidth}"
        : $"{Activation.Architecture} SAE at {Config.Hook} of {Config.ModelName}: {InputWidth} → {Width} latents";

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in Tensors()) tensor.Dispose();
        _narrowWeights?.Dispose();
    }

    private Card Card => new(ToString(),
    [
        ("latents (d_sae)", $"{Width:N0}, {Html.Number((double)Width / InputWidth)} times d_in"),
        ("reads (d_in)", $"{InputWidth:N0} at {Config.Hook}"),
        ("writes (d_out)", Config.IsTranscoder ? $"{OutputWidth:N0} at {OutputName}" : null),
        .. PropertyCard.Facts(Activation),
        ("before encoding", Config.Normalisation is { } norm ? $"{Words.Of(norm)}{(Config.SubtractDecoderBias ? ", less b_dec" : "")}" : Config.SubtractDecoderBias ? "less b_dec" : "nothing"),
        ("skip connection", Skip is null ? null : "yes"),
        ("trained on prompts", $"{(Config.PrependBos ? "with" : "without")} BOS{(Config.ContextSize > 0 ? $", of up to {Config.ContextSize:N0} tokens" : "")}"),
        ("memory", TensorTable.Total(Tensors())),
        ("Neuronpedia", Config.NeuronpediaId),
    ]);

    private string OutputName => Config.OutputHook?.ToString() ?? "a hook that its file does not name";

    private IEnumerable<Tensor> Tensors() => [Encoder, Decoder, EncoderBias, DecoderBias, .. Activation.Tensors, .. Skip is null ? [] : new[] { Skip }];
}
