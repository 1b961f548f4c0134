using System.Text.RegularExpressions;
using SaeNotebooks.Checkpoints;
using SaeNotebooks.Models;
using SaeNotebooks.Saes.Activations;
using static TorchSharp.torch;

namespace SaeNotebooks.Saes.Formats;

/// <summary>
/// Gemma Scope 2 (Gemma 3): <c>params.safetensors</c> with lower-case names and <c>config.json</c> with HuggingFace's hook points, or hooks
/// told from the folder. b_dec is not subtracted; a transcoder's affine skip connection is applied as x · A.
/// </summary>
internal sealed partial class GemmaScope2Format : ISaeFormat
{
    private const string WeightsFile = "params.safetensors", ConfigFile = "config.json";

    public string Name => "gemma-scope-2";

    public bool Recognises(SaeLocation at) => at.HasTensors(WeightsFile, "w_enc", "w_dec", "threshold") || at.IsFileWith("w_enc", "w_dec", "threshold");

    public Sae Load(SaeLocation at, SaeOptions options)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var tensors = new SaeTensors(at.TensorsOr(WeightsFile));
        if (tensors.File.ShapeOf("w_dec") is { Count: 3 })
            throw new CheckpointException(at.Path, "w_dec", "writes to several layers: this is one layer of a cross-layer transcoder; open its folder with CrossLayerTranscoder.Load");
        var config = ReadConfig(at, options);
        var (dIn, n) = tensors.MatrixShape("w_enc");
        var dOut = tensors.MatrixShape("w_dec").Second;
        Tensor encoder = tensors.Take("w_enc", dIn, n), decoder = tensors.Take("w_dec", n, dOut), threshold = tensors.Take("threshold", n);
        Tensor encoderBias = tensors.Take("b_enc", n), decoderBias = tensors.Take("b_dec", dOut);
        var skip = tensors.TakeIfThere("affine_skip_connection", dIn, dOut);
        RequireAgreement(at, n, skip is not null);
        tensors.RefuseRest("Gemma Scope 2 SAE");
        return new(config, new JumpRelu(threshold), encoder, decoder, encoderBias, decoderBias, skip);
    }

    private static void RequireAgreement(SaeLocation at, int n, bool skips)
    {
        if (!at.HasBeside(ConfigFile)) return;
        var json = ConfigJson.Load(at.At(ConfigFile));
        if (json.Has("width") && json.Size("width") != n) throw json.Error("width", $"is {json.Size("width")}, but {WeightsFile} has {n} latents");
        if (json.Has("affine_connection") && json.Flag("affine_connection", skips) != skips)
            throw json.Error("affine_connection", $"is {json.Flag("affine_connection", skips)}, but {WeightsFile} {(skips ? "has" : "has no")} affine_skip_connection");
    }

    private static SaeConfig ReadConfig(SaeLocation at, SaeOptions options)
    {
        var json = at.HasBeside(ConfigFile) ? ConfigJson.Load(at.At(ConfigFile)) : null;
        if (json is not null && json.Text("architecture") is var architecture and not "jump_relu")
            throw json.Error("architecture", $"is '{architecture}'; expected jump_relu");
        if (json?.Text("type", "sae") == "crosscoder" || at.Path.Contains("/crosscoder", StringComparison.Ordinal))
            throw new CheckpointException(at.Path, "type", "crosscoders, which read several layers at once, are not read");
        var (input, output) = json?.Has("hf_hook_point_in") == true
            ? (json.Text("hf_hook_point_in"), json.Text("hf_hook_point_out", json.Text("hf_hook_point_in"))) : FromFolder(at.Path);
        var isTranscoder = input != output || options.OutputHook is not null;
        return new()
        {
            Hook = options.Hook(at.Path, TransformerLens(input)),
            IsTranscoder = isTranscoder,
            OutputHook = isTranscoder ? options.OutputHook(TransformerLens(output)) : null,
            ModelName = options.ModelName(ModelOf(at, json)),
            SubtractDecoderBias = false,
            ContextSize = 1024,
        };
    }

    /// <summary>Early configurations call the family gemma-v3; the 270m base model has no suffix.</summary>
    private static string? ModelOf(SaeLocation at, ConfigJson? json)
    {
        if (json?.Has("model_name") == true) return json.Text("model_name").Replace("gemma-v3", "gemma-3");
        if (Release().Match(at.Path) is not { Success: true } match) return null;
        return $"google/gemma-3-{match.Groups[1].Value}-{match.Groups[2].Value}".Replace("270m-pt", "270m");
    }

    private static (string? Input, string? Output) FromFolder(string path)
    {
        if (Folder().Match(path) is not { Success: true } match) return (null, null);
        var layer = $"model.layers.{match.Groups[2].Value}.";
        var (input, output) = match.Groups[1].Value switch
        {
            "resid_post" => ("output", "output"),
            "mlp_out" => ("post_feedforward_layernorm.output", "post_feedforward_layernorm.output"),
            "attn_out" => ("self_attn.o_proj.input", "self_attn.o_proj.input"),
            _ => ("pre_feedforward_layernorm.output", "post_feedforward_layernorm.output"),
        };
        return (layer + input, layer + output);
    }

    /// <summary>TransformerLens's name of one of HuggingFace's hook points; what is not known is passed on, to be named in the refusal.</summary>
    internal static string? TransformerLens(string? point)
    {
        if (point is null || Point().Match(point) is not { Success: true } match) return point;
        var hook = match.Groups[2].Value switch
        {
            "output" => "hook_resid_post",
            "self_attn.o_proj.input" => "attn.hook_z",
            "post_attention_layernorm.output" => "hook_attn_out",
            "post_feedforward_layernorm.output" => "hook_mlp_out",
            "pre_feedforward_layernorm.output" => "mlp.hook_in", // after the norm and its gain, which ln2.hook_normalized has not
            _ => null,
        };
        return hook is null ? point : $"blocks.{match.Groups[1].Value}.{hook}";
    }

    [GeneratedRegex("gemma-scope-2-(270m|1b|4b|12b|27b)-(pt|it)")]
    private static partial Regex Release();

    [GeneratedRegex(@"(resid_post|mlp_out|attn_out|transcoder)(?:_all)?/layer_(\d+)_")]
    private static partial Regex Folder();

    [GeneratedRegex(@"^model\.layers\.(\d+)\.(.+)$")]
    private static partial Regex Point();
}
