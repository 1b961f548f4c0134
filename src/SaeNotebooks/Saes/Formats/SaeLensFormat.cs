using SaeNotebooks.Checkpoints;
using static TorchSharp.torch;

namespace SaeNotebooks.Saes.Formats;

/// <summary>SAELens's folder: <c>cfg.json</c>, of version 6 (nested metadata) or of the flat ones before it, and <c>sae_weights.safetensors</c>.</summary>
public sealed class SaeLensFormat : ISaeFormat
{
    internal const string ConfigFile = "cfg.json", WeightsFile = "sae_weights.safetensors";

    string ISaeFormat.Name => "saelens";

    bool ISaeFormat.Recognises(SaeLocation at) => at.HasBeside(ConfigFile) && at.Has(WeightsFile) || at.Has(ConfigFile) && at.HasBeside(WeightsFile);

    Sae ISaeFormat.Load(SaeLocation at, SaeOptions options)
    {
        var config = SaeLensConfig.Read(at.At(ConfigFile), options);
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var tensors = new SaeTensors(at.Tensors(WeightsFile), ConfigFile);
        var (dIn, dOut, dSae) = (config.InputWidth, config.OutputWidth, config.Width);
        Tensor encoder = tensors.Take("W_enc", dIn, dSae), decoder = tensors.Take("W_dec", dSae, dOut);
        var (activation, encoderBias) = SaeLensArchitectures.ReadActivation(config, tensors);
        var decoderBias = tensors.Take("b_dec", dOut);
        var skip = config.HasSkip ? tensors.Take("W_skip", dOut, dIn).t().contiguous() : null;
        FoldGain(tensors, config, decoder);
        if (config.RescalesByDecoderNorm) Folding.UnitDecoderNorm(encoder, encoderBias, decoder);
        if (config.ActivationScale is { } scale) Folding.ActivationScale(scale, encoder, decoder, decoderBias);
        tensors.RefuseRest($"{config.Architecture} SAE");
        return new(config.Sae, activation, encoder, decoder, encoderBias, decoderBias, skip);
    }

    /// <summary>Reads an SAE from a folder; the caller owns it.</summary>
    /// <exception cref="CheckpointException">a missing file, key or tensor, a wrong shape, or something this reader does not know</exception>
    public static Sae Load(string folder) => SaeFile.Load(folder, new() { Format = "saelens" });

    /// <summary>Writes an SAE so that SAELens opens it; both files appear only when complete.</summary>
    /// <param name="sae">the SAE</param>
    /// <param name="folder">created if it does not exist</param>
    /// <param name="dtype">of the stored tensors, float32 or bfloat16; SAELens computes in it unless told otherwise</param>
    /// <param name="namesHook">false to leave out the hook that it reads, where <see cref="SaeOptions.HookIfUnknown"/> stands for one that nobody knows</param>
    /// <exception cref="ArgumentException">SAELens has no such architecture</exception>
    public static void Save(Sae sae, string folder, ScalarType dtype = ScalarType.Float32, bool namesHook = true)
    {
        using var scope = NewDisposeScope();
        var tensors = SaeLensArchitectures.Tensors(sae).ToDictionary(t => t.Key, t => t.Value.to(dtype));
        var text = SaeLensConfig.Describe(sae, dtype, namesHook);
        Directory.CreateDirectory(folder);
        SafetensorsWriter.Write(Path.Combine(folder, WeightsFile), tensors);
        AtomicFile.Write(Path.Combine(folder, ConfigFile), text);
    }

    /// <summary>A gain per latent, fine-tuned after training; an older SAELens also wrote it where it was 1 throughout.</summary>
    private static void FoldGain(SaeTensors tensors, SaeLensConfig config, Tensor decoder)
    {
        if (tensors.TakeIfThere("scaling_factor", config.Width) is not { } gain) return;
        using var one = ones_like(gain);
        if (gain.allclose(one)) return;
        if (!config.HasFineTunedGain)
            throw new CheckpointException(tensors.File.Path, "scaling_factor", "is not 1, but cfg.json does not say finetuning_scaling_factor");
        decoder.mul_(gain.unsqueeze(1));
    }
}
