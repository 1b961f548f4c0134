using SaeNotebooks.Checkpoints;
using SaeNotebooks.Saes.Activations;
using static TorchSharp.torch;

namespace SaeNotebooks.Saes.Formats;

/// <summary>Which tensors each of SAELens's architectures adds to W_enc, W_dec and b_dec.</summary>
internal static class SaeLensArchitectures
{
    private delegate (SparseActivation Activation, Tensor EncoderBias) Reader(SaeLensConfig config, SaeTensors tensors);

    private static readonly Dictionary<string, Reader> Readers = new()
    {
        ["standard"] = ReadStandard, ["transcoder"] = ReadStandard, ["skip_transcoder"] = ReadStandard,
        ["topk"] = ReadTopK,
        ["jumprelu"] = ReadJumpRelu, ["jumprelu_transcoder"] = ReadJumpRelu, ["jumprelu_skip_transcoder"] = ReadJumpRelu,
        ["gated"] = ReadGated,
    };

    /// <exception cref="CheckpointException">an unknown architecture, or a missing tensor</exception>
    public static (SparseActivation Activation, Tensor EncoderBias) ReadActivation(SaeLensConfig config, SaeTensors tensors) =>
        Readers.TryGetValue(config.Architecture, out var reader) ? reader(config, tensors)
            : throw new CheckpointException(config.Path, "architecture", $"is '{config.Architecture}'; known are {string.Join(", ", Readers.Keys)}");

    /// <summary>SAELens's name of an SAE's architecture.</summary>
    /// <exception cref="ArgumentException">it has none</exception>
    public static string NameOf(Sae sae)
    {
        var name = (sae.Config.IsTranscoder, sae.Skip is not null, sae.Activation) switch
        {
            (false, false, var activation) => activation.Architecture,
            (true, var skips, Relu) => skips ? "skip_transcoder" : "transcoder",
            (true, var skips, JumpRelu) => skips ? "jumprelu_skip_transcoder" : "jumprelu_transcoder",
            (var transcodes, _, var activation) => $"{activation.Architecture}{(transcodes ? " transcoder" : "")}{(sae.Skip is null ? "" : " with a skip connection")}",
        };
        return Readers.ContainsKey(name) ? name
            : throw new ArgumentException($"SAELens has no {name}; it has {string.Join(", ", Readers.Keys)}.", nameof(sae));
    }

    /// <summary>The tensors by SAELens's names; those that are not the SAE's own belong to the caller's scope.</summary>
    public static Dictionary<string, Tensor> Tensors(Sae sae)
    {
        var tensors = new Dictionary<string, Tensor> { ["W_enc"] = sae.Encoder, ["W_dec"] = sae.Decoder, ["b_dec"] = sae.DecoderBias };
        tensors[sae.Activation is Gated ? "b_gate" : "b_enc"] = sae.EncoderBias;
        if (sae.Activation is JumpRelu jump) tensors["threshold"] = jump.Threshold;
        if (sae.Activation is Gated gated)
        {
            tensors["r_mag"] = gated.Gain.log();
            tensors["b_mag"] = gated.Offset + sae.EncoderBias * gated.Gain;
        }
        if (sae.Skip is { } skip) tensors["W_skip"] = skip.t();
        return tensors;
    }

    private static (SparseActivation, Tensor) ReadStandard(SaeLensConfig config, SaeTensors tensors) => (new Relu(), tensors.Take("b_enc", config.Width));

    private static (SparseActivation, Tensor) ReadTopK(SaeLensConfig config, SaeTensors tensors) =>
        config.K >= 1 && config.K <= config.Width ? (new TopK(config.K.Value), tensors.Take("b_enc", config.Width))
            : throw new CheckpointException(config.Path, "k", $"is {config.K}; expected 1 to d_sae, which is {config.Width}");

    private static (SparseActivation, Tensor) ReadJumpRelu(SaeLensConfig config, SaeTensors tensors) =>
        (new JumpRelu(tensors.Take("threshold", config.Width)), tensors.Take("b_enc", config.Width));

    private static (SparseActivation, Tensor) ReadGated(SaeLensConfig config, SaeTensors tensors)
    {
        var bias = tensors.Take("b_gate", config.Width);
        return (Gated.From(bias, tensors.Take("r_mag", config.Width), tensors.Take("b_mag", config.Width)), bias);
    }
}
