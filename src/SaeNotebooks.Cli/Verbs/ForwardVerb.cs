using System.CommandLine;
using System.Text.Json;
using SaeNotebooks.Checkpoints;
using SaeNotebooks.Generation;
using SaeNotebooks.Hooks;
using SaeNotebooks.Models;
using Spectre.Console;
using static TorchSharp.torch;

namespace SaeNotebooks.Cli.Verbs;

/// <summary><c>forward</c>: runs token ids through a model and writes activations, for scripts in any language.</summary>
internal static class ForwardVerb
{
    private static readonly Dictionary<string, ScalarType> Dtypes = new()
    {
        ["float32"] = ScalarType.Float32, ["bfloat16"] = ScalarType.BFloat16, ["float64"] = ScalarType.Float64,
    };

    /// <summary>The verb's command.</summary>
    public static Command Create()
    {
        var model = new Option<string>("--model") { Description = "short name or folder of the model", Required = true };
        var tokens = new Option<string>("--tokens") { Description = "JSON file: a list of lists of token ids, one for each prompt; nothing is added to them", Required = true };
        var capture = new Option<string>("--capture") { Description = "hooks to write, by TransformerLens's names, separated by commas; none by default", DefaultValueFactory = _ => "" };
        var output = new Option<string>("--out") { Description = "safetensors file to write", Required = true };
        var dtype = new Option<string>("--dtype") { Description = "what the model computes in", DefaultValueFactory = _ => "float32" };
        var generate = new Option<int>("--generate") { Description = "greedy tokens to add to each prompt; ends of sequence do not stop it", DefaultValueFactory = _ => 0 };
        var command = new Command("forward", "Run token ids through a model. Writes for prompt i the tensors {i}.{hook} (float32, without a batch dimension), {i}.logits [pos, vocab] and {i}.generated [N].")
            { model, tokens, capture, output, dtype.AcceptOnlyFromAmong([.. Dtypes.Keys]), generate };
        command.SetAction((parsed, cancellation) => Task.FromResult(Forward(parsed.GetValue(model)!, parsed.GetValue(tokens)!, parsed.GetValue(capture)!,
            parsed.GetValue(output)!, Dtypes[parsed.GetValue(dtype)!], parsed.GetValue(generate), cancellation)));
        return command;
    }

    private static int Forward(string name, string tokens, string capture, string output, ScalarType dtype, int generate, CancellationToken cancellation)
    {
        if (generate < 0) throw new CliException($"--generate is {generate}; it is a number of tokens, at least 0.");
        var prompts = ReadPrompts(tokens);
        var hooks = ParseHooks(capture);
        using var model = HookedTransformer.Load(Reference.ToModel(name, cancellation).Folder, dtype, explicitAttention: true, cancellation: cancellation); // rounds as the reference
        using var scope = NewDisposeScope();
        var results = new Dictionary<string, Tensor>();
        foreach (var (i, prompt) in prompts.Index())
        {
            try { AddPrompt(results, i, model, prompt, hooks, generate, cancellation); }
            catch (ArgumentException e) { throw new CliException($"{tokens}, prompt {i}: {e.Problem()}", e); }
        }
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(output))!);
        SafetensorsWriter.Write(output, results);
        AnsiConsole.MarkupLineInterpolated($"wrote {results.Count} tensors of {prompts.Count} prompts to {output}");
        return 0;
    }

    /// <summary>Each prompt runs alone, so that no result depends on its neighbours.</summary>
    private static void AddPrompt(Dictionary<string, Tensor> results, int i, HookedTransformer model, int[] prompt, HookSet hooks, int generate,
        CancellationToken cancellation)
    {
        using (var run = model.Run(prompt, hooks, logits: true, cancellation: cancellation))
        {
            foreach (var hook in run.Captured) results[$"{i}.{hook}"] = Alone(run[hook]);
            results[$"{i}.logits"] = Alone(run.Logits);
        }
        if (generate == 0) return;
        var generated = model.Generate(prompt, new GenerationOptions { MaxNewTokens = generate, StopTokens = [] }, cancellation: cancellation);
        results[$"{i}.generated"] = tensor([.. generated.Ids.Select(id => (long)id)]);
    }

    /// <summary>A copy without the batch dimension, in float32, which every reader of safetensors knows.</summary>
    private static Tensor Alone(Tensor activation) => activation[0].to(ScalarType.Float32, copy: true);

    private static HookSet ParseHooks(string capture)
    {
        try { return capture.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(HookName.Parse).ToList(); }
        catch (FormatException e) { throw new CliException($"--capture: {e.Message}", e); }
    }

    private static IReadOnlyList<int[]> ReadPrompts(string path)
    {
        if (!File.Exists(path)) throw new CliException($"{path}: no such file; expected a JSON list of lists of token ids.");
        try
        {
            var prompts = JsonSerializer.Deserialize<int[][]>(File.ReadAllBytes(path)) ?? [];
            if (prompts.Length == 0) throw new CliException($"{path}: there are no prompts in it.");
            var empty = Array.FindIndex(prompts, p => p is null or []);
            return empty < 0 ? prompts : throw new CliException($"{path}: prompt {empty} has no tokens.");
        }
        catch (JsonException e) { throw new CliException($"{path}: expected a JSON list of lists of token ids ({e.Message})", e); }
    }
}
