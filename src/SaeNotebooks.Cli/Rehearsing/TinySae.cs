using System.IO.Compression;
using System.Text;
using SaeNotebooks.Checkpoints;
using SaeNotebooks.Saes.Registry;
using static TorchSharp.torch;

namespace SaeNotebooks.Cli.Rehearsing;

/// <summary>A small SAE of random directions, in the files and under the names that its release has.</summary>
internal static class TinySae
{
    private const int Latents = 96;
    private const float Threshold = 0.4f; // some of the latents are active on most tokens

    /// <summary>Writes it.</summary>
    /// <param name="sae">what it stands for</param>
    /// <param name="d">width of what it reads</param>
    /// <param name="repository">folder of its repository</param>
    /// <param name="random">of its directions</param>
    /// <exception cref="NotSupportedException">a release in another format</exception>
    public static void Write(PublishedSae sae, int d, string repository, Generator random)
    {
        using var scope = NewDisposeScope();
        var folder = Directory.CreateDirectory(Path.Combine(repository, sae.Path)).FullName;
        var decoder = TorchSharp.torch.nn.functional.normalize(randn(Latents, d, generator: random), dim: 1);
        var encoder = decoder.T.contiguous();
        switch (sae.Format)
        {
            case "saelens":
                SafetensorsWriter.Write(Path.Combine(folder, "sae_weights.safetensors"), new Dictionary<string, Tensor>
                    { ["W_enc"] = encoder, ["W_dec"] = decoder, ["b_enc"] = full(Latents, -Threshold), ["b_dec"] = zeros(d) });
                File.WriteAllText(Path.Combine(folder, "cfg.json"), $$"""
                    {"model_name": "gpt2-small", "hook_point": "{{sae.Hook}}", "d_in": {{d}}, "d_sae": {{Latents}}, "activation_fn_str": "relu", "prepend_bos": true, "context_size": 128, "dtype": "torch.float32"}
                    """);
                break;
            case "gemma-scope":
                WriteNpz(Path.Combine(folder, "params.npz"), ("W_enc", encoder), ("W_dec", decoder), ("b_enc", zeros(Latents)), ("b_dec", zeros(d)), ("threshold", full(Latents, Threshold)));
                break;
            case "llama-scope":
                Directory.CreateDirectory(Path.Combine(folder, "checkpoints"));
                SafetensorsWriter.Write(Path.Combine(folder, "checkpoints", "final.safetensors"), new Dictionary<string, Tensor>
                    { ["encoder.weight"] = decoder, ["decoder.weight"] = encoder, ["encoder.bias"] = zeros(Latents), ["decoder.bias"] = zeros(d) });
                File.WriteAllText(Path.Combine(folder, "hyperparams.json"), $$"""
                    {"hook_point_in": "{{sae.Hook}}", "hook_point_out": "{{sae.Hook}}", "d_model": {{d}}, "d_sae": {{Latents}}, "act_fn": "jumprelu", "jump_relu_threshold": {{Threshold.ToString(System.Globalization.CultureInfo.InvariantCulture)}},
                     "norm_activation": "dataset-wise", "dataset_average_activation_norm": {"in": 6, "out": 6}, "sparsity_include_decoder_norm": true}
                    """);
                break;
            default: throw new NotSupportedException($"No small SAE is written in the format {sae.Format}.");
        }
    }

    /// <summary>NumPy's archive: a zip of arrays, each after a header whose length is a multiple of 64.</summary>
    private static void WriteNpz(string path, params IReadOnlyList<(string Name, Tensor Value)> arrays)
    {
        using var zip = System.IO.Compression.ZipFile.Open(path, ZipArchiveMode.Create);
        foreach (var (name, value) in arrays)
        {
            using var entry = zip.CreateEntry(name + ".npy").Open();
            var text = $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({string.Join(", ", value.shape)},), }}";
            var header = (text.PadRight((text.Length + 11 + 63) / 64 * 64 - 11) + "\n").ToArray();
            entry.Write([0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, (byte)(header.Length >> 8), .. Encoding.ASCII.GetBytes(header)]);
            entry.Write(value.contiguous().bytes);
        }
    }
}
