using SaeNotebooks.Hooks;
using SaeNotebooks.Models;
using SaeNotebooks.Saes;
using SaeNotebooks.Saes.Activations;
using SaeNotebooks.Saes.Normalisations;
using SaeNotebooks.Tests.Goldens;
using static TorchSharp.torch;
using LayerNorm = SaeNotebooks.Saes.Normalisations.LayerNorm;

namespace SaeNotebooks.Tests.Steering;

/// <summary>A small model, SAEs of every kind for it, and the slow twins of what edits do.</summary>
internal sealed class SteeringLab : IDisposable
{
    public const int Width = 96;
    public static readonly int[] Prompt = [2, 17, 40, 5, 99, 200, 31];
    public static readonly HookName Residual = Hook.ResidPost(1);

    public HookedTransformer Model { get; } = TestModels.Load("llama");

    public void Dispose() => Model.Dispose();

    public Sae RandomSae(string architecture, string normalisation = "none", bool isTranscoder = false, int layer = 1)
    {
        var random = manual_seed(3 + layer);
        var width = Model.Config.DModel;
        SparseActivation activation = architecture switch
        {
            "topk" => new TopK(48),
            "groupmax" => new GroupMax(32),
            "jumprelu" => new JumpRelu(rand(Width, generator: random) * 0.1),
            "gated" => Gated.From(randn(Width, generator: random) / 10, randn(Width, generator: random) / 4, randn(Width, generator: random) / 10),
            _ => new Relu(),
        };
        Normalisation? normal = normalisation switch { "layer_norm" => new LayerNorm(), "constant_norm_rescale" => new ConstantNorm(), _ => null };
        return new(new SaeConfig { Hook = Hook.ResidPost(layer), ModelName = "llama", Normalisation = normal, IsTranscoder = isTranscoder }, activation,
            randn(width, Width, generator: random), randn(Width, width, generator: random) / 7, randn(Width, generator: random) / 10, randn(width, generator: random) / 10);
    }

    /// <summary>Encode every latent, change the dense latents, decode in full, and add the error back.</summary>
    /// <param name="sae">the SAE</param>
    /// <param name="x">[batch, pos, d]</param>
    /// <param name="change">from dense latents [tokens, d_sae], and x as [tokens, d], to other latents</param>
    /// <param name="keepError">whether the error is added back</param>
    public static Tensor FullDecode(Sae sae, Tensor x, Func<Tensor, Tensor, Tensor> change, bool keepError = true)
    {
        var rows = x.flatten(0, 1);
        var (scale, shift) = sae.Config.Normalisation switch
        {
            null => (ones(rows.shape[0], 1), zeros(rows.shape[0], 1)),
            LayerNorm => (rows.std(1, unbiased: true, keepdim: true), rows.mean([1], keepdim: true)),
            _ => (rows.norm(1, keepdim: true) / Math.Sqrt(rows.shape[1]), zeros(rows.shape[0], 1)),
        };
        Tensor Decoded(Tensor dense) => (dense.matmul(sae.Decoder) + sae.DecoderBias) * scale + shift;
        using var latents = sae.Encode(x);
        var dense = latents.ToDense();
        var error = rows - Decoded(dense);
        var edited = Decoded(change(dense, rows));
        return (keepError ? edited + error : edited).view_as(x);
    }

    /// <summary>The residual stream at the SAE's hook with edits; the caller's scope owns it.</summary>
    public Tensor With(Edits edits)
    {
        using var run = Model.Run(Prompt, Residual, edits);
        return run[Residual].alias();
    }
}
