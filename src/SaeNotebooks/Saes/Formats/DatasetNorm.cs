using SaeNotebooks.Models;

namespace SaeNotebooks.Saes.Formats;

/// <summary>OpenMOSS's configuration of an SAE as far as its generations agree: hooks, and what activations were scaled by in training.</summary>
/// <param name="Input">hook that is read</param>
/// <param name="Output">hook that is predicted; the same for an autoencoder</param>
/// <param name="ScaleIn">√d / mean ‖x‖ at the input, or 1</param>
/// <param name="ScaleOut">√d / mean ‖y‖ at the output, or 1</param>
internal sealed record DatasetNorm(string Input, string Output, double ScaleIn, double ScaleOut)
{
    public bool IsTranscoder => Input != Output;

    /// <param name="json">hyperparams.json or config.json</param>
    /// <param name="normIn">mean ‖x‖, where it is not in the configuration</param>
    /// <param name="normOut">mean ‖y‖, likewise</param>
    public static DatasetNorm Read(ConfigJson json, double? normIn = null, double? normOut = null)
    {
        string input = json.Text("hook_point_in"), output = json.Text("hook_point_out", input);
        if (json.Flag("use_glu_encoder", false)) throw json.Error("use_glu_encoder", "is true; encoders with a gated linear unit are not read");
        var kind = json.Text("norm_activation", "dataset-wise");
        if (kind is "inference" or "token-wise") return new(input, output, 1, 1);
        if (kind != "dataset-wise") throw json.Error("norm_activation", $"is '{kind}'; known are dataset-wise, token-wise and inference");
        var norms = normIn is null ? json.Object("dataset_average_activation_norm") ?? throw json.Error("dataset_average_activation_norm", "is missing; expected in and out") : null;
        var root = Math.Sqrt(json.Size("d_model"));
        return new(input, output, root / Positive(normIn ?? norms!.Number("in")), root / Positive(normOut ?? norms!.Number("out")));

        double Positive(double norm) => norm > 0 && double.IsFinite(norm) ? norm
            : throw json.Error("dataset_average_activation_norm", $"is {norm}; expected the mean norm of the activations");
    }

    /// <summary>What the SAE reads.</summary>
    /// <param name="json">the configuration</param>
    /// <param name="options">what it does not say</param>
    /// <param name="model">the model, if the release tells it</param>
    public SaeConfig Config(ConfigJson json, SaeOptions options, string? model)
    {
        var subtracts = json.Flag("apply_decoder_bias_to_pre_encoder", false);
        if (subtracts && IsTranscoder) throw json.Error("apply_decoder_bias_to_pre_encoder", "is true for a transcoder, whose decoder bias is of another activation");
        return new()
        {
            Hook = options.Hook(json.Path, Input),
            IsTranscoder = IsTranscoder,
            OutputHook = IsTranscoder ? options.OutputHook(Output) : null,
            ModelName = options.ModelName(model),
            SubtractDecoderBias = subtracts,
            ContextSize = 1024,
        };
    }
}
