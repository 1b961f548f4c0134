using System.Text.RegularExpressions;
using SaeNotebooks.Checkpoints;
using SaeNotebooks.Checkpoints.Torch;
using SaeNotebooks.Saes.Activations;
using SaeNotebooks.Saes.Normalisations;
using static TorchSharp.torch;

namespace SaeNotebooks.Saes.Formats;

/// <summary>
/// OpenAI's sparse_autoencoder (Gao et al. 2024): one PyTorch file, with the activation's name in it. TopK comes with a LayerNorm of each
/// token. Hook and layer are in the path, <c>gpt2-small/resid_post_mlp_v5_32k/autoencoders/6.pt</c>.
/// </summary>
internal sealed partial class OpenAiFormat : ISaeFormat
{
    private static readonly Dictionary<string, string> Locations = new()
    {
        ["mlp_post_act"] = "mlp.hook_post", ["resid_delta_mlp"] = "hook_mlp_out", ["resid_delta_attn"] = "hook_attn_out",
        ["resid_post_attn"] = "hook_resid_mid", ["resid_post_mlp"] = "hook_resid_post",
    };

    public string Name => "openai";

    public bool Recognises(SaeLocation at) => at.IsFileWith("pre_bias", "latent_bias", "encoder.weight");

    public Sae Load(SaeLocation at, SaeOptions options)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var file = (TorchFile)at.Tensors(at.FileName);
        var tensors = new SaeTensors(file);
        var activation = ReadActivation(file, options);
        var (n, d) = tensors.MatrixShape("encoder.weight");
        Tensor encoder = tensors.TakeTransposed("encoder.weight", d, n), decoder = tensors.TakeTransposed("decoder.weight", n, d);
        Tensor encoderBias = tensors.Take("latent_bias", n), decoderBias = tensors.Take("pre_bias", d);
        tensors.Ignore("stats_last_nonzero", "latents_activation_frequency", "latents_mean_square");
        tensors.RefuseRest("SAE of OpenAI");
        return new(ReadConfig(at, options, activation), activation, encoder, decoder, encoderBias, decoderBias);
    }

    private static SparseActivation ReadActivation(TorchFile file, SaeOptions options)
    {
        switch (file.Text("activation"))
        {
            case "ReLU": return new Relu();
            case "TopK":
                var state = file.Within("activation_state_dict") ?? throw new CheckpointException(file.Path, "activation_state_dict", "is missing; expected k in it");
                if (state.Text("postact_fn") is var after and not ("ReLU" or null))
                    throw new CheckpointException(file.Path, "postact_fn", $"is '{after}'; only ReLU is read, since latents are not negative");
                return new TopK(options.K ?? (int)(state.Integer("k") ?? throw new CheckpointException(file.Path, "activation_state_dict", "has no k")));
            case null: throw new CheckpointException(file.Path, "activation", "is missing; without it the SAE cannot be used");
            case var other: throw new CheckpointException(file.Path, "activation", $"is '{other}'; known are ReLU and TopK");
        }
    }

    private static SaeConfig ReadConfig(SaeLocation at, SaeOptions options, SparseActivation activation)
    {
        var place = Place().Match(at.Path);
        var hook = place.Success ? $"blocks.{place.Groups["layer"].Value}.{Locations[place.Groups["location"].Value]}" : null;
        return new()
        {
            Hook = options.Hook(at.Path, hook),
            ModelName = options.ModelName(place.Success ? "gpt2" : null),
            Normalisation = activation is TopK ? new LayerNorm() : null,
            PrependBos = false,
            ContextSize = 64,
        };
    }

    [GeneratedRegex(@"(?<location>mlp_post_act|resid_delta_mlp|resid_delta_attn|resid_post_attn|resid_post_mlp)(?:_v\d\w*)?/autoencoders/(?<layer>\d+)\.pt$")]
    private static partial Regex Place();
}
