using System.Text.RegularExpressions;
using SaeNotebooks.Checkpoints;
using SaeNotebooks.Models;
using SaeNotebooks.Saes.Activations;
using static TorchSharp.torch;

namespace SaeNotebooks.Saes.Formats;

/// <summary>
/// Qwen Scope: <c>layer{L}.sae.pt</c> on the residual stream after block L, both matrices the other way round than SAELens's, TopK. k is in the
/// repository's <c>config.json</c>, or in its name, <c>SAE-Res-Qwen3-8B-Base-W64K-L0_50</c>. The decoder bias is not subtracted.
/// </summary>
internal sealed partial class QwenScopeFormat : ISaeFormat
{
    private const string ConfigFile = "config.json";

    public string Name => "qwen-scope";

    public bool Recognises(SaeLocation at) => FileNamed().IsMatch(at.FileName) && at.IsFileWith("W_enc", "W_dec", "b_enc", "b_dec");

    public Sae Load(SaeLocation at, SaeOptions options)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var tensors = new SaeTensors(at.Tensors(at.FileName));
        var json = at.HasBeside(ConfigFile) ? ConfigJson.Load(at.At(ConfigFile)) : null;
        var k = options.K ?? (json?.Has("k") == true ? json.Size("k") : (int?)null) ?? SaeFacts.NumberAfter(at.Path, "L0_")
            ?? throw new CheckpointException(at.Path, "k", "is neither in config.json nor in the folder's name, and without it the SAE cannot be used; give it (K, or --k)");
        var (n, d) = tensors.MatrixShape("W_enc");
        if (json?.Has("d_sae") == true && json.Size("d_sae") != n) throw json.Error("d_sae", $"is {json.Size("d_sae")}, but {at.FileName} has {n} latents");
        Tensor encoder = tensors.TakeTransposed("W_enc", d, n), decoder = tensors.TakeTransposed("W_dec", n, d);
        Tensor encoderBias = tensors.Take("b_enc", n), decoderBias = tensors.Take("b_dec", d);
        tensors.RefuseRest("Qwen Scope SAE");
        return new(new SaeConfig
        {
            Hook = options.Hook(at.Path, $"blocks.{FileNamed().Match(at.FileName).Groups[1].Value}.hook_resid_post"),
            ModelName = options.ModelName(json?.Has("base_model") == true ? json.Text("base_model") : null),
            SubtractDecoderBias = false,
        }, new TopK(k), encoder, decoder, encoderBias, decoderBias);
    }

    [GeneratedRegex(@"^layer(\d+)\.sae\.pt$")]
    private static partial Regex FileNamed();
}
