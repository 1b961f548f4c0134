using SaeNotebooks.Models;
using SaeNotebooks.Saes.Activations;
using SaeNotebooks.Saes.Normalisations;
using static TorchSharp.torch;

namespace SaeNotebooks.Saes.Formats;

/// <summary>
/// Llamascopium, OpenMOSS's library since 2025: <c>config.json</c> and <c>sae_weights.safetensors</c> with W_E, b_E, W_D, b_D and, as tensors, the
/// mean norms of the activations. Latents are those that its <c>encode</c> gives for normalised activations; where the configuration has the
/// decoder's norms decide on which fire (f(pre · ‖W_D‖) / ‖W_D‖), thresholds are divided by them.
/// </summary>
internal sealed class LlamascopiumFormat : ISaeFormat
{
    private const string ConfigFile = "config.json", WeightsFile = "sae_weights.safetensors";
    private const string ThresholdName = "activation_function.log_jumprelu_threshold", NormPrefix = "dataset_average_activation_norm.";

    public string Name => "llamascopium";

    public bool Recognises(SaeLocation at) => at.HasBeside(ConfigFile) && at.HasTensors(WeightsFile, "W_E", "W_D");

    public Sae Load(SaeLocation at, SaeOptions options)
    {
        var json = ConfigJson.Load(at.At(ConfigFile));
        if (json.Text("sae_type", "sae") is var type and not "sae") throw json.Error("sae_type", $"is '{type}'; only sae is read");
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var tensors = new SaeTensors(at.Tensors(WeightsFile), ConfigFile);
        int d = json.Size("d_model"), n = (int)Math.Round(d * json.Number("expansion_factor"));
        Tensor encoder = tensors.Take("W_E", d, n), decoder = tensors.Take("W_D", n, d), encoderBias = tensors.Take("b_E", n);
        var decoderBias = json.Flag("use_decoder_bias", true) ? tensors.Take("b_D", d) : zeros(d);
        var norms = Norms(json, tensors);
        var includesNorm = json.Flag("sparsity_include_decoder_norm", true);
        var activation = ReadActivation(json, tensors, options, decoder, includesNorm);
        // TopK ranks pre · ‖W_D‖: with decoder rows of norm 1 that is pre itself.
        if (includesNorm && activation is TopK) Folding.UnitDecoderNorm(encoder, encoderBias, decoder);
        using Tensor scaleIn = tensor(norms.ScaleIn), scaleOut = tensor(norms.ScaleOut);
        encoder.mul_(scaleIn);
        decoder.div_(scaleOut);
        decoderBias.div_(scaleOut);
        tensors.RefuseRest("Llamascopium SAE");
        var config = norms.Config(json, options, null) with { Normalisation = json.Text("norm_activation", "dataset-wise") == "token-wise" ? new ConstantNorm() : null };
        return new(config, activation, encoder, decoder, encoderBias, decoderBias);
    }

    private static DatasetNorm Norms(ConfigJson json, SaeTensors tensors)
    {
        string input = json.Text("hook_point_in"), output = json.Text("hook_point_out", input);
        // Present in every file, but without meaning unless norms are per dataset.
        var (normIn, normOut) = (tensors.Number(NormPrefix + input), tensors.Number(NormPrefix + output));
        return DatasetNorm.Read(json, normIn, normOut);
    }

    private static SparseActivation ReadActivation(ConfigJson json, SaeTensors tensors, SaeOptions options, Tensor decoder, bool includesNorm)
    {
        switch (json.Text("act_fn"))
        {
            case "relu": return new Relu();
            case "topk": return new TopK(options.K ?? json.Size("top_k"));
            case "jumprelu":
                var threshold = tensors.Take(ThresholdName, decoder.shape[0]).exp();
                return new JumpRelu(includesNorm ? threshold / decoder.norm(1) : threshold);
            case var other: throw json.Error("act_fn", $"is '{other}'; known are relu, topk and jumprelu");
        }
    }
}
