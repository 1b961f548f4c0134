using SaeNotebooks.Models;
using SaeNotebooks.Saes.Activations;
using static TorchSharp.torch;

namespace SaeNotebooks.Saes.Formats;

/// <summary>The attention-out SAEs of Kissane and Krzyzanowski (2024) on GPT-2 small: <c>NAME.pt</c> with SAELens's tensors and
/// <c>NAME_cfg.json</c>; ReLU, decoder bias subtracted.</summary>
internal sealed class ConnorRobFormat : ISaeFormat
{
    public string Name => "connor-rob";

    public bool Recognises(SaeLocation at) => at.HasBeside(ConfigFile(at)) && at.IsFileWith("W_enc", "W_dec", "b_enc", "b_dec");

    public Sae Load(SaeLocation at, SaeOptions options)
    {
        var json = ConfigJson.Load(at.At(ConfigFile(at)));
        int d = json.Size("act_size"), n = json.Size("dict_size");
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var tensors = new SaeTensors(at.Tensors(at.FileName), ConfigFile(at));
        Tensor encoder = tensors.Take("W_enc", d, n), decoder = tensors.Take("W_dec", n, d), encoderBias = tensors.Take("b_enc", n), decoderBias = tensors.Take("b_dec", d);
        tensors.RefuseRest("Connor/Rob SAE");
        return new(new SaeConfig { Hook = options.Hook(at.Path, json.Text("act_name")), ModelName = options.ModelName("gpt2-small"), ContextSize = 128 },
            new Relu(), encoder, decoder, encoderBias, decoderBias);
    }

    private static string ConfigFile(SaeLocation at) => Path.GetFileNameWithoutExtension(at.FileName) + "_cfg.json";
}
