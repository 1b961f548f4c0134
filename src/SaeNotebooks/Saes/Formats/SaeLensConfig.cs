using System.Text.Json.Nodes;
using SaeNotebooks.Hooks;
using SaeNotebooks.Models;
using SaeNotebooks.Saes.Activations;
using SaeNotebooks.Saes.Normalisations;
using static TorchSharp.torch;
using LayerNorm = SaeNotebooks.Saes.Normalisations.LayerNorm;

namespace SaeNotebooks.Saes.Formats;

/// <summary>SAELens's <c>cfg.json</c>, with the defaults and renamings of the flat ones from before version 6.</summary>
internal sealed record SaeLensConfig(string Path, string Architecture, int InputWidth, int OutputWidth, int Width, SaeConfig Sae)
{
    private static readonly Normalisation[] Normalisations = [new ConstantNorm(), new LayerNorm()];

    /// <summary>k of a TopK SAE.</summary>
    public int? K { get; private init; }

    /// <summary>Whether latents are multiplied by the norms of their decoder rows before TopK.</summary>
    public bool RescalesByDecoderNorm { get; private init; }

    /// <summary>Whether a tensor <c>scaling_factor</c> other than 1 is meant.</summary>
    public bool HasFineTunedGain { get; private init; }

    /// <summary>What activations are multiplied by, if the weights do not include it.</summary>
    public double? ActivationScale { get; private init; }

    public bool HasSkip => Architecture.Contains("skip", StringComparison.Ordinal);

    public static SaeLensConfig Read(string path, SaeOptions options)
    {
        var json = ConfigJson.Load(path);
        var metadata = json.Object("metadata");
        var isFlat = metadata is null;
        metadata ??= json;
        var architecture = isFlat ? FlatArchitecture(json) : json.Text("architecture");
        int dIn = json.Size("d_in"), dOut = json.Size("d_out", dIn);
        RefuseWhatIsNotComputed(json, metadata, isFlat);
        var hook = metadata.Has("hook_name") || !isFlat ? "hook_name" : "hook_point";
        var isTranscoder = architecture.Contains("transcoder", StringComparison.Ordinal);
        if (!isTranscoder && dOut != dIn) throw json.Error("d_out", $"is {dOut}, but only a transcoder has another width than d_in, which is {dIn}");
        var sae = new SaeConfig
        {
            Hook = options.Hook(path, metadata.Has(hook) ? metadata.Text(hook) : null),
            IsTranscoder = isTranscoder,
            OutputHook = options.OutputHook(metadata.Has("hook_name_out") ? metadata.Text("hook_name_out") : null),
            ModelName = options.ModelName(metadata.Has("model_name") ? metadata.Text("model_name") : null),
            SubtractDecoderBias = json.Flag("apply_b_dec_to_input", !isTranscoder),
            Normalisation = Normalisations.FirstOrDefault(n => n.Name == NormalisationName(json)),
            PrependBos = metadata.Flag("prepend_bos", true),
            ContextSize = metadata.Has("context_size") ? metadata.Size("context_size") : 0,
            NeuronpediaId = metadata.Has("neuronpedia_id") ? metadata.Text("neuronpedia_id") : null,
        };
        return new(path, architecture, dIn, dOut, json.Size("d_sae"), sae)
        {
            K = options.K ?? ReadK(json, architecture, isFlat),
            RescalesByDecoderNorm = json.Flag("rescale_acts_by_decoder_norm", false),
            HasFineTunedGain = json.Flag("finetuning_scaling_factor", false),
            ActivationScale = ReadScale(json, options),
        };
    }

    /// <summary>The text of a version 6 <c>cfg.json</c>.</summary>
    public static string Describe(Sae sae, ScalarType dtype, bool namesHook)
    {
        var json = new JsonObject
        {
            ["architecture"] = SaeLensArchitectures.NameOf(sae),
            ["d_in"] = sae.InputWidth,
            ["d_sae"] = sae.Width,
            ["dtype"] = dtype.ToString().ToLowerInvariant(),
            ["device"] = "cpu",
            ["apply_b_dec_to_input"] = sae.Config.SubtractDecoderBias,
            ["normalize_activations"] = sae.Config.Normalisation?.Name ?? "none",
            ["reshape_activations"] = sae.Config.Hook.Point == HookPoint.Z ? "hook_z" : "none",
            ["metadata"] = new JsonObject
            {
                ["model_name"] = sae.Config.ModelName,
                ["hook_name"] = namesHook ? sae.Config.Hook.ToString() : null,
                ["hook_name_out"] = sae.Config.OutputHook?.ToString(),
                ["hook_head_index"] = null,
                ["context_size"] = sae.Config.ContextSize == 0 ? null : sae.Config.ContextSize,
                ["prepend_bos"] = sae.Config.PrependBos,
                ["neuronpedia_id"] = sae.Config.NeuronpediaId,
                ["sae_lens_version"] = "6.0.0",
                ["sae_lens_training_version"] = null,
            },
        };
        if (sae.Config.IsTranscoder) json["d_out"] = sae.OutputWidth;
        if (sae.Activation is TopK top)
        {
            json["k"] = top.K;
            json["rescale_acts_by_decoder_norm"] = false;
        }
        return json.ToJsonString(new() { WriteIndented = true }) + "\n";
    }

    /// <summary>Before version 6 an absent architecture is a standard one, and TopK is an activation function.</summary>
    private static string FlatArchitecture(ConfigJson json)
    {
        var key = json.Has("activation_fn_str") ? "activation_fn_str" : "activation_fn";
        var architecture = json.Text("architecture", "standard");
        return json.Text(key, "relu") switch
        {
            "relu" => architecture,
            "topk" when architecture is "standard" or "topk" => "topk",
            var other => throw json.Error(key, $"is '{other}', which is not read for a {architecture} SAE; known are relu and topk"),
        };
    }

    private static int? ReadK(ConfigJson json, string architecture, bool isFlat) =>
        architecture != "topk" ? null
        : isFlat && !json.Has("k") ? (json.Object("activation_fn_kwargs") ?? throw json.Error("activation_fn_kwargs", "is missing; expected k in it")).Size("k")
        : json.Size("k");

    /// <summary>Version 6 writes the name; before it, true stood for <c>expected_average_only_in</c>, and null for nothing.</summary>
    private static string NormalisationName(ConfigJson json) =>
        !json.Has("normalize_activations") || json.IsFlag("normalize_activations", false) ? "none"
        : json.IsFlag("normalize_activations", true) ? "expected_average_only_in"
        : json.Text("normalize_activations");

    private static double? ReadScale(ConfigJson json, SaeOptions options)
    {
        if (NormalisationName(json) != "expected_average_only_in") return null;
        return options.ActivationScale ?? throw json.Error("normalize_activations",
            "is 'expected_average_only_in', and the weights do not include the scale; give it (ActivationScale, or --activation-scale: √d_in / mean norm of the activations)");
    }

    /// <summary>What would change the numbers, and is not computed here, is refused rather than ignored.</summary>
    private static void RefuseWhatIsNotComputed(ConfigJson json, ConfigJson metadata, bool isFlat)
    {
        string[] known = ["none", "expected_average_only_in", .. Normalisations.Select(n => n.Name)];
        if (!known.Contains(NormalisationName(json)))
            throw json.Error("normalize_activations", $"is '{NormalisationName(json)}'; known are {string.Join(", ", known)}");
        if (json.Text("reshape_activations", "none") is var reshape and not ("none" or "hook_z"))
            throw json.Error("reshape_activations", $"is '{reshape}'; known are none and hook_z");
        var head = isFlat && metadata.Has("hook_point_head_index") ? "hook_point_head_index" : "hook_head_index";
        if (metadata.Has(head)) throw metadata.Error(head, "SAEs on a single head are not read");
    }
}
