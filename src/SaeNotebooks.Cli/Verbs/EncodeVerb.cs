using System.CommandLine;
using SaeNotebooks.Checkpoints;
using SaeNotebooks.Saes;
using Spectre.Console;
using static TorchSharp.torch;

namespace SaeNotebooks.Cli.Verbs;

/// <summary><c>encode</c>: latents, reconstruction and error of activations in a file.</summary>
internal static class EncodeVerb
{
    /// <summary>The verb's command.</summary>
    public static Command Create()
    {
        var sae = new SaeArguments();
        var input = new Option<string>("--input") { Description = "safetensors file with activations", Required = true };
        var key = new Option<string>("--key") { Description = "tensor in it, [n, d_in] or [n, n_heads, d_head]", DefaultValueFactory = _ => "x" };
        var target = new Option<string?>("--target-key") { Description = "tensor in it that a transcoder's error is measured against, [n, d_out]" };
        var output = new Option<string>("--out") { Description = "safetensors file to write: acts [n, d_sae], recon and error, float32", Required = true };
        var command = new Command("encode", "Encode activations in a file with an SAE of any format, and write latents, reconstruction and error.") { input, key, target, output };
        sae.AddTo(command);
        command.SetAction((parsed, cancellation) => Task.FromResult(
            Run(sae.Load(parsed, onlyForNumbers: true, cancellation), parsed.GetValue(input)!, parsed.GetValue(key)!, parsed.GetValue(target), parsed.GetValue(output)!)));
        return command;
    }

    private static int Run(Sae sae, string input, string key, string? targetKey, string output)
    {
        using var scope = NewDisposeScope();
        using (sae)
        using (var file = SafetensorsFile.Open(input))
        {
            if (Directory.Exists(output)) throw new CliException($"--out {output} is a folder; name a file.");
            var x = file.Read(key, float32);
            var target = targetKey is not null ? file.Read(targetKey, float32) : null;
            var tensors = Encoded(sae, x, target, $"'{key}' of {input}");
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(output))!);
            SafetensorsWriter.Write(output, tensors);
            AnsiConsole.MarkupLineInterpolated($"{sae.Activation.Architecture}, {sae.InputWidth} → {sae.Width} latents: wrote {string.Join(", ", tensors.Keys)} of {tensors["acts"].shape[0]} tokens to {output}");
            if (!tensors.ContainsKey("error")) AnsiConsole.MarkupLineInterpolated($"[yellow]no error: it is a transcoder, and --target-key names no activation to compare with[/]");
        }
        return 0;
    }

    private static Dictionary<string, Tensor> Encoded(Sae sae, Tensor x, Tensor? target, string what)
    {
        try
        {
            using var latents = sae.Encode(x);
            var reconstruction = sae.Reconstruct(x);
            var tensors = new Dictionary<string, Tensor> { ["acts"] = latents.ToDense(), ["recon"] = reconstruction };
            if (target is null && sae.Config.IsTranscoder) return tensors;
            if (target is not null && !target.shape.AsSpan().SequenceEqual(reconstruction.shape))
                throw new CliException($"The target has shape [{string.Join(", ", target.shape)}], and the reconstruction [{string.Join(", ", reconstruction.shape)}].");
            tensors["error"] = (target ?? x) - reconstruction;
            return tensors;
        }
        catch (ArgumentException e) { throw new CliException($"{what}: {e.Problem()}", e); }
    }
}
