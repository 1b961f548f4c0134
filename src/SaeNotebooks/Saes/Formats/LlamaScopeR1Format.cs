using SaeNotebooks.Models;
using static TorchSharp.torch;

namespace SaeNotebooks.Saes.Formats;

/// <summary>Llama-Scope-R1-Distill: as <see cref="LlamaScopeFormat"/>, in <c>config.json</c> and <c>sae_weights.safetensors</c>, with the
/// logarithm of a threshold per latent.</summary>
internal sealed class LlamaScopeR1Format : ISaeFormat
{
    private const string ConfigFile = "config.json", WeightsFile = "sae_weights.safetensors", ThresholdName = "log_jumprelu_threshold";

    public string Name => "llama-scope-r1";

    public bool Recognises(SaeLocation at) => at.HasBeside(ConfigFile) && at.HasTensors(WeightsFile, "encoder.weight", ThresholdName);

    public Sae Load(SaeLocation at, SaeOptions options)
    {
        var json = ConfigJson.Load(at.At(ConfigFile));
        if (json.Text("act_fn", "jumprelu") is var function and not "jumprelu") throw json.Error("act_fn", $"is '{function}'; expected jumprelu");
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var tensors = new SaeTensors(at.Tensors(WeightsFile), ConfigFile);
        int d = json.Size("d_model"), n = (int)Math.Round(d * json.Number("expansion_factor"));
        var threshold = tensors.Take(ThresholdName, n).exp();
        return tensors.Whole(LlamaScopeFormat.Build(json, tensors, options, d, n, threshold, "DeepSeek-R1-Distill-Llama-8B"), "Llama-Scope-R1 SAE");
    }
}
