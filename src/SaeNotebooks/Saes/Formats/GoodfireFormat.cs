using System.Text.RegularExpressions;
using SaeNotebooks.Saes.Activations;
using static TorchSharp.torch;

namespace SaeNotebooks.Saes.Formats;

/// <summary>Goodfire's SAEs: one PyTorch file of two linear layers around a ReLU, such as <c>Llama-3.1-8B-Instruct-SAE-l19.pth</c>, whose name
/// says model and layer. The decoder bias is not subtracted.</summary>
internal sealed partial class GoodfireFormat : ISaeFormat
{
    public string Name => "goodfire";

    public bool Recognises(SaeLocation at) => at.IsFileWith("encoder_linear.weight", "decoder_linear.weight");

    public Sae Load(SaeLocation at, SaeOptions options)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var tensors = new SaeTensors(at.Tensors(at.FileName));
        var (n, d) = tensors.MatrixShape("encoder_linear.weight");
        Tensor encoder = tensors.TakeTransposed("encoder_linear.weight", d, n), decoder = tensors.TakeTransposed("decoder_linear.weight", n, d);
        Tensor encoderBias = tensors.Take("encoder_linear.bias", n), decoderBias = tensors.Take("decoder_linear.bias", d);
        tensors.RefuseRest("Goodfire SAE");
        var name = FileNamed().Match(at.FileName);
        return new(new SaeConfig
        {
            Hook = options.Hook(at.Path, name.Success ? $"blocks.{name.Groups[2].Value}.hook_resid_post" : null),
            ModelName = options.ModelName(name.Success ? $"meta-llama/{name.Groups[1].Value}" : null),
            SubtractDecoderBias = false,
        }, new Relu(), encoder, decoder, encoderBias, decoderBias);
    }

    [GeneratedRegex(@"^(Llama-.+)-SAE-l(\d+)\.pth?$")]
    private static partial Regex FileNamed();
}
