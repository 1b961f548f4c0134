using System.Text.RegularExpressions;
using SaeNotebooks.Saes.Activations;
using static TorchSharp.torch;

namespace SaeNotebooks.Saes.Formats;

/// <summary>
/// Gemma Scope (Lieberum et al. 2024): <c>params.npz</c> with JumpReLU parameters under SAELens's names. Hook and model are in the path,
/// <c>gemma-scope-2b-pt-res/layer_12/width_16k/average_l0_82</c>. b_dec is not subtracted.
/// </summary>
internal sealed partial class GemmaScopeFormat : ISaeFormat
{
    private const string WeightsFile = "params.npz";

    public string Name => "gemma-scope";

    public bool Recognises(SaeLocation at) => at.Has(WeightsFile) || at.FileName.EndsWith(".npz", StringComparison.Ordinal);

    public Sae Load(SaeLocation at, SaeOptions options)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var tensors = new SaeTensors(at.TensorsOr(WeightsFile));
        string Named(string name) => tensors.Has(name) ? name : name.Replace('W', 'w'); // some releases write w_enc
        var (dIn, n) = tensors.MatrixShape(Named("W_enc"));
        var dOut = tensors.MatrixShape(Named("W_dec")).Second;
        var site = Site(at.Path);
        Tensor encoder = tensors.Take(Named("W_enc"), dIn, n), decoder = tensors.Take(Named("W_dec"), n, dOut);
        var activation = new JumpRelu(tensors.Take("threshold", n));
        if (site.IsEmbedding) ScaleEmbedding(encoder, decoder, Math.Sqrt(dIn));
        Tensor encoderBias = tensors.Take("b_enc", n), decoderBias = tensors.Take("b_dec", dOut);
        tensors.RefuseRest("Gemma Scope SAE");
        return new(ReadConfig(at, options, site), activation, encoder, decoder, encoderBias, decoderBias);
    }

    private static SaeConfig ReadConfig(SaeLocation at, SaeOptions options, (string? Input, string? Output, bool IsEmbedding) site)
    {
        var model = Release().Match(at.Path) is { Success: true } m ? $"gemma-2-{m.Groups[1].Value}{(m.Groups[2].Value == "it" ? "-it" : "")}" : null;
        return new()
        {
            Hook = options.Hook(at.Path, site.Input),
            IsTranscoder = site.Output is not null || options.OutputHook is not null,
            OutputHook = options.OutputHook(site.Output),
            ModelName = options.ModelName(model),
            SubtractDecoderBias = false,
            ContextSize = 1024,
        };
    }

    private static (string? Input, string? Output, bool IsEmbedding) Site(string path)
    {
        if (path.Contains("embedding", StringComparison.Ordinal)) return ("hook_embed", null, true);
        var release = Release().Match(path);
        if (SaeFacts.NumberAfter(path, "layer_") is not { } layer || !release.Success) return (null, null, false);
        return release.Groups[3].Value switch
        {
            "res" => ($"blocks.{layer}.hook_resid_post", null, false),
            "mlp" => ($"blocks.{layer}.hook_mlp_out", null, false),
            "att" => ($"blocks.{layer}.attn.hook_z", null, false),
            _ => ($"blocks.{layer}.ln2.hook_normalized", $"blocks.{layer}.hook_mlp_out", false),
        };
    }

    /// <summary>They were trained on embeddings before Gemma multiplies them by √d_model; <c>hook_embed</c> comes after.</summary>
    private static void ScaleEmbedding(Tensor encoder, Tensor decoder, double root)
    {
        using var factor = tensor(root);
        encoder.div_(factor);
        decoder.mul_(factor);
    }

    [GeneratedRegex("gemma-scope-(2b|9b|27b)-(pt|it)-(res|mlp|att|transcoders)")]
    private static partial Regex Release();
}
