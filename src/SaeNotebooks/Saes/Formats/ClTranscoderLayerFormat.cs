using System.Text.RegularExpressions;
using SaeNotebooks.Checkpoints;
using SaeNotebooks.Saes.Activations;
using static TorchSharp.torch;

namespace SaeNotebooks.Saes.Formats;

/// <summary>
/// One source layer of circuit-tracer's cross-layer transcoder: <c>W_enc_i.safetensors</c> and <c>W_dec_i.safetensors</c>. As an SAE its latents
/// write to the layers i … L−1 at once, [(L − i) · d_model]; whole ones are opened by <see cref="CrossLayerTranscoder.Load"/>.
/// </summary>
internal sealed partial class ClTranscoderLayerFormat : ISaeFormat
{
    public string Name => "cross-layer-transcoder";

    public bool Recognises(SaeLocation at) => FileNamed().IsMatch(at.FileName);

    public Sae Load(SaeLocation at, SaeOptions options)
    {
        if (FileNamed().Match(at.FileName) is not { Success: true } match)
            throw new CheckpointException(at.Path, null, "name one layer of a cross-layer transcoder, W_enc_N.safetensors, or open the folder with CrossLayerTranscoder.Load");
        return Load(at, int.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture), options);
    }

    /// <summary>The files of a layer.</summary>
    public static string EncoderFile(int layer) => $"W_enc_{layer}.safetensors";

    public static Sae Load(SaeLocation at, int i, SaeOptions options)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var encoding = new SaeTensors(at.Tensors(EncoderFile(i)));
        var decoding = new SaeTensors(at.Tensors($"W_dec_{i}.safetensors"));
        var (n, d) = encoding.MatrixShape($"W_enc_{i}");
        var targets = decoding.File.ShapeOf($"W_dec_{i}") is [_, var count, _] ? count : throw new CheckpointException(decoding.File.Path, $"W_dec_{i}", "is missing or not of shape [d_sae, targets, d_model]");
        var encoder = encoding.TakeTransposed($"W_enc_{i}", d, n);
        var decoder = decoding.Take($"W_dec_{i}", n, targets, d).view(n, targets * d);
        Tensor encoderBias = encoding.Take($"b_enc_{i}", n), own = encoding.Take($"b_dec_{i}", d);
        SparseActivation activation = encoding.TakeIfThere($"threshold_{i}", n) is { } threshold ? new JumpRelu(threshold) : new Relu();
        var skip = encoding.Has($"W_skip_{i}") ? OwnLayerOnly(encoding.Take($"W_skip_{i}", d, d), targets) : null;
        encoding.RefuseRest("cross-layer transcoder");
        decoding.RefuseRest("cross-layer transcoder");
        var yaml = TranscoderYaml.Beside(at);
        return new(CrossLayerTranscoder.Config(options.Hook(at.Path, yaml.Input(i)), options.OutputHook(yaml.Output(i)), options.ModelName(yaml.ModelName)),
            activation, encoder, decoder, encoderBias, OwnLayerOnly(own, targets), skip);
    }

    /// <summary>b_dec and x · W_skip are of the layer itself: zeros for the layers after it.</summary>
    internal static Tensor OwnLayerOnly(Tensor own, long targets) => cat([own, zeros([.. own.shape[..^1], (targets - 1) * own.shape[^1]])], -1);

    [GeneratedRegex(@"^W_enc_(\d+)\.safetensors$")]
    private static partial Regex FileNamed();
}
