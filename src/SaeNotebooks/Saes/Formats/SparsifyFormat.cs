using System.Text.RegularExpressions;
using SaeNotebooks.Models;
using SaeNotebooks.Saes.Activations;
using static TorchSharp.torch;

namespace SaeNotebooks.Saes.Formats;

/// <summary>
/// EleutherAI's sparsify: one folder per hook point with <c>cfg.json</c> and <c>sae.safetensors</c>, and above them the run's <c>config.json</c>.
/// Subtracts b_dec unless it transcodes; W_skip is applied as x · W_skipᵀ.
/// </summary>
internal sealed partial class SparsifyFormat : ISaeFormat
{
    private const string ConfigFile = "cfg.json", WeightsFile = "sae.safetensors", RunFile = "config.json";

    public string Name => "sparsify";

    public bool Recognises(SaeLocation at) => at.HasBeside(ConfigFile) && (at.Has(WeightsFile) || at.Has(ConfigFile) && at.HasBeside(WeightsFile));

    public Sae Load(SaeLocation at, SaeOptions options)
    {
        var config = ConfigJson.Load(at.At(ConfigFile));
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var tensors = new SaeTensors(at.Tensors(WeightsFile), ConfigFile);
        var dIn = config.Size("d_in");
        var n = config.Has("num_latents") && config.Number("num_latents") > 0 ? config.Size("num_latents") : dIn * config.Size("expansion_factor");
        var transcodes = config.Flag("transcode", false);
        var dOut = tensors.MatrixShape("W_dec").Second;
        var activation = ReadActivation(config, options);
        Tensor encoder = tensors.TakeTransposed("encoder.weight", dIn, n), decoder = tensors.Take("W_dec", n, dOut);
        Tensor encoderBias = tensors.Take("encoder.bias", n), decoderBias = tensors.Take("b_dec", dOut);
        var skip = config.Flag("skip_connection", false) ? tensors.TakeTransposed("W_skip", dIn, dOut) : null;
        tensors.RefuseRest("sparsify SAE");
        return new(ReadConfig(at, options, transcodes), activation, encoder, decoder, encoderBias, decoderBias, skip);
    }

    private static SparseActivation ReadActivation(ConfigJson config, SaeOptions options)
    {
        if (config.Flag("signed", false)) throw config.Error("signed", "is true; latents that may be negative are not read");
        var k = options.K ?? config.Size("k");
        return config.Text("activation", "topk") switch // TopK was the only one before the key existed
        {
            "topk" => new TopK(k),
            "groupmax" => new GroupMax(k),
            var other => throw config.Error("activation", $"is '{other}'; known are topk and groupmax"),
        };
    }

    private static SaeConfig ReadConfig(SaeLocation at, SaeOptions options, bool transcodes)
    {
        var runFile = Path.Combine(Path.GetDirectoryName(at.Folder)!, RunFile);
        var run = File.Exists(runFile) ? ConfigJson.Load(runFile) : null;
        var (input, output) = Hooks(Path.GetFileName(at.Folder), transcodes);
        return new()
        {
            Hook = options.Hook(at.At(ConfigFile), input),
            IsTranscoder = transcodes,
            OutputHook = transcodes ? options.OutputHook(output) : null,
            ModelName = options.ModelName(run?.Text("model", "") is { Length: > 0 } model ? model : null),
            SubtractDecoderBias = !transcodes,
            PrependBos = false,
            ContextSize = run is not null && run.Has("ctx_len") ? run.Size("ctx_len") : 0,
        };
    }

    /// <summary>The folder is named after the module: what it gives out is encoded, or, in a transcoder, what comes in.</summary>
    private static (string? Input, string? Output) Hooks(string folder, bool transcodes)
    {
        if (folder is "embed_tokens" or "embed_in" or "wte") return ("hook_embed", null);
        if (Module().Match(folder) is not { Success: true } match) return (null, null);
        var block = $"blocks.{match.Groups["layer"].Value}.";
        var (input, output) = match.Groups["part"].Value switch
        {
            "" => ("hook_resid_pre", "hook_resid_post"),
            "mlp" => ("mlp.hook_in", "hook_mlp_out"),
            _ => ("attn.hook_in", "hook_attn_out"),
        };
        return transcodes ? (block + input, block + output) : (block + output, null);
    }

    [GeneratedRegex(@"^(?:[a-z_]+\.)*(?:layers|h)[._](?<layer>\d+)(?:\.(?<part>mlp|attn|self_attn|attention))?$")]
    private static partial Regex Module();
}
