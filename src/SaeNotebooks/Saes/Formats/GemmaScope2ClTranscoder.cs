using System.Text.RegularExpressions;
using SaeNotebooks.Saes.Activations;
using static TorchSharp.torch;

namespace SaeNotebooks.Saes.Formats;

/// <summary>
/// Gemma Scope 2's cross-layer transcoders: <c>params_layer_i.safetensors</c> per source layer, with <c>w_dec</c> [d_sae, layers, d_model], of
/// which only the targets from the layer itself on are meant.
/// </summary>
internal static partial class GemmaScope2ClTranscoder
{
    /// <summary>The files by layer; empty if the folder is of another format.</summary>
    public static IReadOnlyDictionary<int, string> Files(SaeLocation at) => !at.IsFolder ? new Dictionary<int, string>() :
        Directory.GetFiles(at.Folder, "*.safetensors").Select(f => (Name: Path.GetFileName(f), Match: FileNamed().Match(Path.GetFileName(f))))
            .Where(f => f.Match.Success).ToDictionary(f => int.Parse(f.Match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture), f => f.Name);

    public static Sae Load(SaeLocation at, int i, int layers, string file, SaeOptions options)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var tensors = new SaeTensors(at.Tensors(file));
        var (d, n) = tensors.MatrixShape("w_enc");
        var targets = layers - i;
        var encoder = tensors.Take("w_enc", d, n);
        var decoder = tensors.Take("w_dec", n, layers, d).narrow(1, i, targets).reshape(n, (long)targets * d).contiguous();
        Tensor encoderBias = tensors.Take("b_enc", n), own = tensors.Take("b_dec", d), threshold = tensors.Take("threshold", n);
        var skip = tensors.TakeIfThere("affine_skip_connection", d, d) is { } affine ? ClTranscoderLayerFormat.OwnLayerOnly(affine, targets) : null;
        tensors.RefuseRest("cross-layer transcoder");
        return new(CrossLayerTranscoder.Config(options.Hook(at.Path, $"blocks.{i}.mlp.hook_in"), options.OutputHook($"blocks.{i}.hook_mlp_out"), options.ModelName(null)),
            new JumpRelu(threshold), encoder, decoder, encoderBias, ClTranscoderLayerFormat.OwnLayerOnly(own, targets), skip);
    }

    [GeneratedRegex(@"^\w*layer_(\d+)\w*\.safetensors$")]
    private static partial Regex FileNamed();
}
