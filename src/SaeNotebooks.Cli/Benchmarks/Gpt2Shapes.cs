using SaeNotebooks.Checkpoints;
using SaeNotebooks.Hooks;
using SaeNotebooks.Models;
using SaeNotebooks.Saes;
using SaeNotebooks.Saes.Activations;
using static TorchSharp.torch;

namespace SaeNotebooks.Cli.Benchmarks;

/// <summary>A model with the shapes of GPT-2 small up to layer 8, and SAEs on its residual stream, all with random weights: what speed depends on.</summary>
internal sealed class Gpt2Shapes : IDisposable
{
    private const int Width = 768, Layers = 9, Vocabulary = 50_257, Context = 1024;
    private readonly string _folder = Directory.CreateTempSubdirectory("gpt2-shapes").FullName;

    /// <param name="tokenizerFolder">of any tokenizer</param>
    /// <param name="dtype">in which the model runs</param>
    public Gpt2Shapes(string tokenizerFolder, ScalarType dtype)
    {
        using (NewDisposeScope()) SafetensorsWriter.Write(Path.Combine(_folder, "model.safetensors"), Weights(), bfloat16);
        File.WriteAllText(Path.Combine(_folder, "config.json"), $$"""
            {"model_type": "gpt2", "n_embd": {{Width}}, "n_head": 12, "n_layer": 12, "n_positions": {{Context}}, "vocab_size": {{Vocabulary}},
             "layer_norm_epsilon": 1e-5, "activation_function": "gelu_new"}
            """);
        foreach (var file in Directory.GetFiles(tokenizerFolder, "tokenizer*")) File.Copy(file, Path.Combine(_folder, Path.GetFileName(file)));
        Model = HookedTransformer.Load(_folder, dtype, lastLayer: Layers - 1);
    }

    /// <summary>The hook at which others were measured.</summary>
    public static HookName Hook => Hooks.Hook.ResidPost(Layers - 1);

    /// <summary>The model.</summary>
    public HookedTransformer Model { get; }

    /// <summary>A TopK SAE, 32 latents per token; the caller owns it.</summary>
    /// <param name="latents">its width</param>
    public static Sae Sae(int latents)
    {
        using var scope = NewDisposeScope(); // the SAE lays its weights out anew, and what was drawn is not kept beside them
        return new(new() { Hook = Hook, ModelName = "gpt2" }, new TopK(32), randn(Width, latents).div_(28), randn(latents, Width).div_(28), zeros(latents), zeros(Width));
    }

    public void Dispose()
    {
        Model.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static Dictionary<string, Tensor> Weights()
    {
        var weights = new Dictionary<string, Tensor> { ["wte.weight"] = Random(Vocabulary, Width), ["wpe.weight"] = Random(Context, Width) };
        for (var layer = 0; layer < Layers; layer++)
            foreach (var (name, rows, columns) in new[] { ("attn.c_attn", Width, 3 * Width), ("attn.c_proj", Width, Width), ("mlp.c_fc", Width, 4 * Width), ("mlp.c_proj", 4 * Width, Width) })
            {
                weights[$"h.{layer}.{name}.weight"] = Random(rows, columns);
                weights[$"h.{layer}.{name}.bias"] = zeros(columns);
                foreach (var norm in new[] { "ln_1", "ln_2" }) (weights[$"h.{layer}.{norm}.weight"], weights[$"h.{layer}.{norm}.bias"]) = (ones(Width), zeros(Width));
            }
        return weights;
    }

    private static Tensor Random(long rows, long columns) => randn(rows, columns).mul_(0.02);
}
