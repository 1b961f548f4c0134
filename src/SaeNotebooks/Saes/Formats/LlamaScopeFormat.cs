using SaeNotebooks.Checkpoints;
using SaeNotebooks.Models;
using SaeNotebooks.Saes.Activations;
using static TorchSharp.torch;

namespace SaeNotebooks.Saes.Formats;

/// <summary>
/// Llama Scope (He et al. 2024): <c>hyperparams.json</c> and <c>checkpoints/final.safetensors</c>, one threshold for all latents. Loaded in its
/// authors' order: the dataset's norms are folded into the biases and the decoder, then the decoder's norms into the encoder, then the
/// threshold applies; <see cref="LlamaScopeConvention.SaeLens"/> asks for SAELens's reading instead.
/// </summary>
internal sealed class LlamaScopeFormat : ISaeFormat
{
    private const string ConfigFile = "hyperparams.json";

    /// <summary>In the order in which the authors' code looks for them.</summary>
    private static readonly string[] WeightFiles = ["sae_weights.safetensors", "checkpoints/pruned.safetensors", "checkpoints/final.safetensors"];

    public string Name => "llama-scope";

    public bool Recognises(SaeLocation at) => at.Has(ConfigFile) && WeightFiles.Any(at.HasBeside);

    public Sae Load(SaeLocation at, SaeOptions options)
    {
        var json = ConfigJson.Load(at.At(ConfigFile));
        var weights = WeightFiles.FirstOrDefault(at.HasBeside)
            ?? throw new CheckpointException(at.Folder, null, $"none of {string.Join(", ", WeightFiles)} is here");
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var tensors = new SaeTensors(at.Tensors(weights), ConfigFile);
        int d = json.Size("d_model"), n = json.Has("d_sae") ? json.Size("d_sae") : d * json.Size("expansion_factor");
        return tensors.Whole(Build(json, tensors, options, d, n, full(n, Threshold(json)), "Llama-3.1-8B"), "Llama Scope SAE");
    }

    /// <summary>Shared with the R1 release, which has a threshold per latent.</summary>
    internal static Sae Build(ConfigJson json, SaeTensors tensors, SaeOptions options, int d, int n, Tensor threshold, string? model)
    {
        var norms = DatasetNorm.Read(json);
        Tensor encoder = tensors.TakeTransposed("encoder.weight", d, n), decoder = tensors.TakeTransposed("decoder.weight", n, d);
        var encoderBias = tensors.Take("encoder.bias", n);
        var decoderBias = json.Flag("use_decoder_bias", true) ? tensors.Take("decoder.bias", d) : zeros(d);
        if (options.LlamaScope == LlamaScopeConvention.SaeLens)
        {
            Folding.ActivationScale(norms.ScaleIn, encoder, decoder, decoderBias);
            using var scale = tensor(norms.ScaleIn);
            threshold.mul_(scale);
        }
        else
        {
            Folding.DatasetNorm(norms.ScaleIn, norms.ScaleOut, encoderBias, decoder, decoderBias);
            if (json.Flag("sparsity_include_decoder_norm", true)) Folding.UnitDecoderNorm(encoder, encoderBias, decoder);
        }
        return new(norms.Config(json, options, model), new JumpRelu(threshold), encoder, decoder, encoderBias, decoderBias);
    }

    /// <summary>An SAE trained with TopK is used with a threshold that was measured afterwards.</summary>
    private static float Threshold(ConfigJson json)
    {
        if (json.Text("act_fn") is var function and not ("jumprelu" or "topk")) throw json.Error("act_fn", $"is '{function}'; known are jumprelu and topk");
        var threshold = json.Number("jump_relu_threshold");
        if (threshold <= 0 && json.Text("act_fn") == "topk")
            throw json.Error("jump_relu_threshold", $"is {threshold}; a TopK SAE of Llama Scope is read only with the threshold that was measured for it");
        return (float)threshold;
    }
}
