using System.Text.RegularExpressions;
using SaeNotebooks.Saes.Activations;
using static TorchSharp.torch;

namespace SaeNotebooks.Saes.Formats;

/// <summary>qresearch's SAEs of DeepSeek-R1-Distill-Llama-8B: one PyTorch file of two linear layers around a ReLU, the layer in its name
/// (<c>…-l19-….pt</c>); the decoder bias is not subtracted.</summary>
internal sealed partial class DeepSeekFormat : ISaeFormat
{
    public string Name => "deepseek-r1";

    public bool Recognises(SaeLocation at) => at.FileName.Contains("DeepSeek", StringComparison.OrdinalIgnoreCase)
        && at.IsFileWith("encoder.weight", "encoder.bias", "decoder.weight", "decoder.bias");

    public Sae Load(SaeLocation at, SaeOptions options)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var tensors = new SaeTensors(at.Tensors(at.FileName));
        var (n, d) = tensors.MatrixShape("encoder.weight");
        Tensor encoder = tensors.TakeTransposed("encoder.weight", d, n), decoder = tensors.TakeTransposed("decoder.weight", n, d);
        Tensor encoderBias = tensors.Take("encoder.bias", n), decoderBias = tensors.Take("decoder.bias", d);
        tensors.RefuseRest("DeepSeek-R1 SAE");
        var layer = Layer().Match(at.FileName);
        return new(new SaeConfig
        {
            Hook = options.Hook(at.Path, layer.Success ? $"blocks.{layer.Groups[1].Value}.hook_resid_post" : null),
            ModelName = options.ModelName("deepseek-ai/DeepSeek-R1-Distill-Llama-8B"),
            SubtractDecoderBias = false,
            ContextSize = 1024,
        }, new Relu(), encoder, decoder, encoderBias, decoderBias);
    }

    [GeneratedRegex(@"-l(\d+)(?!\d)")]
    private static partial Regex Layer();
}
