using SaeNotebooks.Runtime;
using SaeNotebooks.Saes.Activations;
using static TorchSharp.torch;

namespace SaeNotebooks.Saes;

/// <summary>
/// A sparse autoencoder: latents = σ((x − b_dec) · W_enc + b_enc), reconstruction = latents · W_dec + b_dec.
/// Owns its tensors, which are float32. Encoding and decoding keep no native memory beyond what they return.
/// </summary>
public sealed class Sae : IDisposable
{
    /// <summary>Numbers in the largest intermediate matrix (64 MB); tokens are encoded and decoded in chunks that keep to it.</summary>
    private const long ChunkElements = 1 << 24;

    /// <param name="config">what it reads</param>
    /// <param name="activation">its nonlinearity</param>
    /// <param name="encoder">W_enc [d_in, d_sae]; ownership of this and the other tensors passes to the SAE</param>
    /// <param name="decoder">W_dec [d_sae, d_in]</param>
    /// <param name="encoderBias">b_enc [d_sae]</param>
    /// <param name="decoderBias">b_dec [d_in]</param>
    /// <exception cref="ArgumentException">shapes that do not fit each other</exception>
    public Sae(SaeConfig config, SparseActivation activation, Tensor encoder, Tensor decoder, Tensor encoderBias, Tensor decoderBias)
    {
        (Config, Activation) = (config, activation);
        (Encoder, Decoder, EncoderBias, DecoderBias) = (encoder, decoder, encoderBias, decoderBias);
        if (encoder.dim() != 2) throw new ArgumentException($"W_enc must be [d_in, d_sae], not {Text(encoder)}.", nameof(encoder));
        Require(decoder, "W_dec", [Width, InputWidth]);
        Require(encoderBias, "b_enc", [Width]);
        Require(decoderBias, "b_dec", [InputWidth]);
        if (activation is JumpRelu jump) Require(jump.Threshold, "threshold", [Width]);
        if (activation is TopK top && (top.K < 1 || top.K > Width))
            throw new ArgumentException($"k is {top.K}, and must be from 1 to the SAE's {Width} latents.", nameof(activation));
        foreach (var tensor in Tensors()) tensor.DetachFromDisposeScope();
    }

    /// <summary>What it reads.</summary>
    public SaeConfig Config { get; }

    /// <summary>Its nonlinearity.</summary>
    public SparseActivation Activation { get; }

    /// <summary>W_enc [d_in, d_sae] float32.</summary>
    public Tensor Encoder { get; }

    /// <summary>W_dec [d_sae, d_in] float32.</summary>
    public Tensor Decoder { get; }

    /// <summary>b_enc [d_sae] float32.</summary>
    public Tensor EncoderBias { get; }

    /// <summary>b_dec [d_in] float32.</summary>
    public Tensor DecoderBias { get; }

    /// <summary>d_in: width of the activation.</summary>
    public int InputWidth => (int)Encoder.shape[0];

    /// <summary>d_sae: number of latents.</summary>
    public int Width => (int)Encoder.shape[1];

    /// <summary>The latents that fire on an activation.</summary>
    /// <param name="x">[…, d_in], any dtype; computed in float32</param>
    /// <returns>the active latents of each token; the caller disposes it</returns>
    public SparseLatents Encode(Tensor x)
    {
        RequireLast(x, InputWidth);
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var parts = Chunks(x.reshape(-1, InputWidth), Width).Select(EncodeChunk).ToList();
        var slots = parts.Max(p => p.Ids.shape[1]);
        return new(Joined(parts.Select(p => p.Ids), slots), Joined(parts.Select(p => p.Values), slots), Width, x.shape[..^1]);
    }

    /// <summary>The activation that the latents stand for.</summary>
    /// <param name="latents">from <see cref="Encode"/></param>
    /// <returns>[…, d_in] float32; the caller owns it</returns>
    public Tensor Decode(SparseLatents latents)
    {
        if (latents.Width != Width) throw new ArgumentException($"These latents are of an SAE with {latents.Width} latents; this one has {Width}.");
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var perToken = latents.Ids.shape[1] * InputWidth;
        var parts = Chunks(latents.Ids, perToken).Zip(Chunks(latents.Values, perToken), DecodeChunk).ToList();
        return cat(parts).reshape([.. latents.Shape, InputWidth]).MoveToOuterDisposeScope();
    }

    /// <summary>Encode, then decode; the caller owns the result.</summary>
    /// <param name="x">[…, d_in]</param>
    /// <returns>[…, d_in] float32</returns>
    public Tensor Reconstruct(Tensor x)
    {
        using var latents = Encode(x);
        return Decode(latents);
    }

    /// <summary>The part of an activation that the SAE does not explain: x − reconstruction; the caller owns it.</summary>
    /// <param name="x">[…, d_in]</param>
    /// <returns>[…, d_in] float32</returns>
    public Tensor Error(Tensor x)
    {
        using var scope = NewDisposeScope();
        return (x.to(float32) - Reconstruct(x)).MoveToOuterDisposeScope();
    }

    /// <summary>The direction that a latent writes: its row of W_dec. A copy; the caller owns it.</summary>
    /// <param name="latent">from 0</param>
    /// <returns>[d_in] float32</returns>
    public Tensor Direction(int latent)
    {
        RequireLatent(latent);
        using var row = Decoder.select(0, latent);
        return row.clone();
    }

    /// <summary>Refuses a latent that the SAE does not have.</summary>
    /// <exception cref="ArgumentOutOfRangeException">no such latent</exception>
    public void RequireLatent(int latent)
    {
        if (latent < 0 || latent >= Width)
            throw new ArgumentOutOfRangeException(nameof(latent), latent, $"The SAE at {Config.Hook} has latents 0 to {Width - 1}.");
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Activation.Architecture} SAE at {Config.Hook} of {Config.ModelName}: {InputWidth} → {Width} latents";

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in Tensors()) tensor.Dispose();
    }

    internal Tensor PreActivations(Tensor rows) // [n, d_in] → [n, d_sae]
    {
        var centred = rows.to(float32);
        if (Config.SubtractDecoderBias) centred = centred - DecoderBias;
        return addmm(EncoderBias, centred, Encoder, 1, 1);
    }

    private (Tensor Ids, Tensor Values) EncodeChunk(Tensor rows) // [n, d_in] → [n, slots] each
    {
        using var scope = NewDisposeScope();
        var (ids, values) = Activation.Select(PreActivations(rows));
        return (ids.MoveToOuterDisposeScope(), values.MoveToOuterDisposeScope());
    }

    private Tensor DecodeChunk(Tensor ids, Tensor values) // b_dec + Σ_slot value · W_dec[id]: [n, slots] → [n, d_in]
    {
        using var scope = NewDisposeScope();
        var rows = Decoder.index_select(0, ids.flatten()).view(ids.shape[0], ids.shape[1], InputWidth);
        return values.unsqueeze(1).bmm(rows).squeeze(1).Plus(DecoderBias).MoveToOuterDisposeScope();
    }

    private static IEnumerable<Tensor> Chunks(Tensor rows, long elementsPerRow)
    {
        var chunk = Math.Max(1, ChunkElements / elementsPerRow);
        for (var at = 0L; at < rows.shape[0]; at += chunk) yield return rows.narrow(0, at, Math.Min(chunk, rows.shape[0] - at));
    }

    private static Tensor Joined(IEnumerable<Tensor> parts, long slots) =>
        cat([.. parts.Select(p => nn.functional.pad(p, [0, slots - p.shape[1]]))]);

    private IEnumerable<Tensor> Tensors() =>
        Activation is JumpRelu jump ? [Encoder, Decoder, EncoderBias, DecoderBias, jump.Threshold] : [Encoder, Decoder, EncoderBias, DecoderBias];

    private static void RequireLast(Tensor x, int width)
    {
        if (x.dim() == 0 || x.shape[^1] != width || x.numel() == 0)
            throw new ArgumentException($"The SAE reads activations of shape […, {width}]; this one has shape {Text(x)}.");
    }

    private static void Require(Tensor tensor, string name, long[] shape)
    {
        if (!tensor.shape.AsSpan().SequenceEqual(shape))
            throw new ArgumentException($"{name} has shape {Text(tensor)}; W_enc implies [{string.Join(", ", shape)}].");
    }

    private static string Text(Tensor tensor) => $"[{string.Join(", ", tensor.shape)}]";
}
