using System.Text.RegularExpressions;
using SaeNotebooks.Checkpoints;
using SaeNotebooks.Saes.Activations;
using static TorchSharp.torch;

namespace SaeNotebooks.Saes.Formats;

/// <summary>
/// Per-layer transcoders of circuit-tracer and of mwhanna: <c>layer_N.safetensors</c> with W_enc [d_sae, d_in], beside a <c>config.yaml</c> with
/// the hooks. A threshold makes it a JumpReLU, and its absence, by that format, a ReLU; W_skip is applied as x · W_skipᵀ.
/// </summary>
internal sealed partial class LayerTranscoderFormat : ISaeFormat
{
    private const string ThresholdName = "activation_function.threshold";

    public string Name => "layer-transcoder";

    public bool Recognises(SaeLocation at) => FileNamed().IsMatch(at.FileName) && at.IsFileWith("W_enc", "W_dec", "b_enc", "b_dec");

    public Sae Load(SaeLocation at, SaeOptions options)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var tensors = new SaeTensors(at.Tensors(at.FileName));
        var (n, dIn) = tensors.MatrixShape("W_enc");
        var dOut = tensors.MatrixShape("W_dec").Second;
        Tensor encoder = tensors.TakeTransposed("W_enc", dIn, n), decoder = tensors.Take("W_dec", n, dOut);
        Tensor encoderBias = tensors.Take("b_enc", n), decoderBias = tensors.Take("b_dec", dOut);
        var activation = ReadActivation(tensors, options, n);
        var skip = tensors.Has("W_skip") ? tensors.TakeTransposed("W_skip", dIn, dOut) : null;
        tensors.RefuseRest("per-layer transcoder");
        var yaml = TranscoderYaml.Beside(at);
        var layer = SaeFacts.NumberAfter(at.FileName, "layer_") ?? throw new CheckpointException(at.Path, null, "its name does not say which layer it is of; expected layer_N.safetensors");
        return new(new SaeConfig
        {
            Hook = options.Hook(at.Path, yaml.Input(layer)),
            IsTranscoder = true,
            OutputHook = options.OutputHook(yaml.Output(layer)),
            ModelName = options.ModelName(yaml.ModelName),
            SubtractDecoderBias = false,
        }, activation, encoder, decoder, encoderBias, decoderBias, skip);
    }

    private static SparseActivation ReadActivation(SaeTensors tensors, SaeOptions options, int n)
    {
        if (options.K is { } k) return new TopK(k);
        if (!tensors.Has(ThresholdName)) return new Relu();
        var shape = tensors.File.ShapeOf(ThresholdName)!;
        return new JumpRelu(tensors.Take(ThresholdName, shape.Count == 2 ? [1, n] : [n]).reshape(n));
    }

    [GeneratedRegex(@"^layer_\d+\.safetensors$")]
    private static partial Regex FileNamed();
}
