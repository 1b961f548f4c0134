using SaeNotebooks.Checkpoints;
using SaeNotebooks.Checkpoints.Torch;
using SaeNotebooks.Models;
using SaeNotebooks.Saes.Activations;
using static TorchSharp.torch;

namespace SaeNotebooks.Saes.Formats;

/// <summary>
/// dictionary_learning's folder: <c>ae.pt</c>, a PyTorch file, and <c>config.json</c>, whose <c>dict_class</c> says which class the tensors
/// belong to. All but JumpReluAutoEncoder and AutoEncoderNew subtract the decoder bias.
/// </summary>
internal sealed class DictionaryLearningFormat : ISaeFormat
{
    private const string ConfigFile = "config.json", WeightsFile = "ae.pt";

    private delegate Sae Reader(SaeTensors tensors, SaeConfig config, int d, int n, int? k);

    private static readonly Dictionary<string, Reader> Classes = new()
    {
        ["AutoEncoder"] = ReadStandard, ["AutoEncoderNew"] = ReadNew, ["GatedAutoEncoder"] = ReadGated, ["AutoEncoderTopK"] = ReadTopK,
        ["BatchTopKSAE"] = ReadBatchTopK, ["JumpReluAutoEncoder"] = ReadJumpRelu, ["MatryoshkaBatchTopKSAE"] = ReadMatryoshka,
    };

    public string Name => "dictionary-learning";

    public bool Recognises(SaeLocation at) => at.HasBeside(ConfigFile) && ConfigFrom(at)?.Has("trainer") == true
        && (at.Has(WeightsFile) || at.FileName.StartsWith("ae", StringComparison.Ordinal) && at.FileName.EndsWith(".pt", StringComparison.Ordinal));

    public Sae Load(SaeLocation at, SaeOptions options)
    {
        var json = ConfigJson.Load(at.At(ConfigFile));
        var trainer = json.Object("trainer") ?? throw json.Error("trainer", "is missing; expected the trainer's settings");
        var name = trainer.Text("dict_class");
        if (!Classes.TryGetValue(name, out var reader)) throw trainer.Error("dict_class", $"is '{name}'; known are {string.Join(", ", Classes.Keys)}");
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var tensors = new SaeTensors(Dictionary(at), ConfigFile);
        var k = options.K ?? (trainer.Has("k") ? trainer.Size("k") : null);
        return tensors.Whole(reader(tensors, ReadConfig(json, trainer, options), trainer.Size("activation_dim"), trainer.Size("dict_size"), k), name);
    }

    private static ConfigJson? ConfigFrom(SaeLocation at)
    {
        try { return ConfigJson.Load(at.At(ConfigFile)); }
        catch (CheckpointException) { return null; } // some other format's, which will complain itself
    }

    /// <summary>A backup during training holds the dictionary among other things.</summary>
    private static ITensorFile Dictionary(SaeLocation at)
    {
        var file = (TorchFile)at.TensorsOr(WeightsFile);
        return file.Within("ae") ?? file;
    }

    private static SaeConfig ReadConfig(ConfigJson json, ConfigJson trainer, SaeOptions options)
    {
        var (site, layer) = (trainer.Text("submodule_name", ""), trainer.Has("layer") ? (int)trainer.Number("layer") : -1);
        var kind = site.StartsWith("mlp_out", StringComparison.Ordinal) ? "hook_mlp_out"
            : site.StartsWith("attn_out", StringComparison.Ordinal) || site.StartsWith("attention_out", StringComparison.Ordinal) ? "hook_attn_out"
            : site.Length == 0 || site.StartsWith("resid_post", StringComparison.Ordinal) ? "hook_resid_post" : null;
        return new()
        {
            Hook = options.Hook(json.Path, kind is null || layer < 0 ? null : $"blocks.{layer}.{kind}"),
            ModelName = options.ModelName(trainer.Has("lm_name") ? trainer.Text("lm_name") : null),
            ContextSize = json.Object("buffer") is { } buffer && buffer.Has("ctx_len") ? buffer.Size("ctx_len") : 0,
        };
    }

    private static Sae ReadStandard(SaeTensors tensors, SaeConfig config, int d, int n, int? k) =>
        new(config, new Relu(), tensors.TakeTransposed("encoder.weight", d, n), tensors.TakeTransposed("decoder.weight", n, d),
            tensors.Take("encoder.bias", n), tensors.Take("bias", d));

    private static Sae ReadNew(SaeTensors tensors, SaeConfig config, int d, int n, int? k) =>
        new(config with { SubtractDecoderBias = false }, new Relu(), tensors.TakeTransposed("encoder.weight", d, n), tensors.TakeTransposed("decoder.weight", n, d),
            tensors.Take("encoder.bias", n), tensors.Take("decoder.bias", d));

    private static Sae ReadGated(SaeTensors tensors, SaeConfig config, int d, int n, int? k)
    {
        var bias = tensors.Take("gate_bias", n);
        return new(config, Gated.From(bias, tensors.Take("r_mag", n), tensors.Take("mag_bias", n)),
            tensors.TakeTransposed("encoder.weight", d, n), tensors.TakeTransposed("decoder.weight", n, d), bias, tensors.Take("decoder_bias", d));
    }

    private static Sae ReadTopK(SaeTensors tensors, SaeConfig config, int d, int n, int? k)
    {
        tensors.Ignore("threshold"); // another way of encoding, which is not the class's usual one
        var stored = tensors.Number("k") ?? k ?? throw new CheckpointException(tensors.File.Path, "k", "is neither in the file nor in config.json");
        if (k is { } said && said != (int)stored)
            throw new CheckpointException(tensors.File.Path, "k", $"is {stored}, but config.json says {said}");
        return new(config, new TopK((int)stored), tensors.TakeTransposed("encoder.weight", d, n), tensors.TakeTransposed("decoder.weight", n, d),
            tensors.Take("encoder.bias", n), tensors.Take("b_dec", d));
    }

    private static Sae ReadBatchTopK(SaeTensors tensors, SaeConfig config, int d, int n, int? k)
    {
        tensors.Ignore("k");
        return new(config, new JumpRelu(ScalarThreshold(tensors, n)), tensors.TakeTransposed("encoder.weight", d, n), tensors.TakeTransposed("decoder.weight", n, d),
            tensors.Take("encoder.bias", n), tensors.Take("b_dec", d));
    }

    private static Sae ReadMatryoshka(SaeTensors tensors, SaeConfig config, int d, int n, int? k)
    {
        tensors.Ignore("k", "group_sizes");
        return new(config, new JumpRelu(ScalarThreshold(tensors, n)), tensors.Take("W_enc", d, n), tensors.Take("W_dec", n, d), tensors.Take("b_enc", n), tensors.Take("b_dec", d));
    }

    private static Sae ReadJumpRelu(SaeTensors tensors, SaeConfig config, int d, int n, int? k) =>
        new(config with { SubtractDecoderBias = false }, new JumpRelu(tensors.Take("threshold", n)), tensors.Take("W_enc", d, n), tensors.Take("W_dec", n, d),
            tensors.Take("b_enc", n), tensors.Take("b_dec", d));

    private static Tensor ScalarThreshold(SaeTensors tensors, int n)
    {
        var threshold = tensors.Number("threshold") ?? throw new CheckpointException(tensors.File.Path, "threshold", "is missing; without it latents cannot be told from noise");
        if (threshold < 0) throw new CheckpointException(tensors.File.Path, "threshold", $"is {threshold}: it was never set in training, and all positive latents would fire");
        return full(n, (float)threshold);
    }
}
