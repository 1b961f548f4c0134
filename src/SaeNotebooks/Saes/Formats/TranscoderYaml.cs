using System.Text.RegularExpressions;

namespace SaeNotebooks.Saes.Formats;

/// <summary>The <c>config.yaml</c> of circuit-tracer's transcoders: a few keys with a text each, which is all of YAML that is read.</summary>
/// <param name="ModelName">model, or null</param>
/// <param name="InputHook">TransformerLens's name without the block, or null</param>
/// <param name="OutputHook">likewise</param>
internal sealed partial record TranscoderYaml(string? ModelName, string? InputHook, string? OutputHook)
{
    private const string FileName = "config.yaml";

    public static TranscoderYaml Beside(SaeLocation at)
    {
        if (!at.HasBeside(FileName)) return new(null, null, null);
        var keys = new Dictionary<string, string>();
        foreach (var line in File.ReadLines(at.At(FileName)))
            if (Pair().Match(line) is { Success: true } match) keys[match.Groups[1].Value] = match.Groups[2].Value;
        return new(keys.GetValueOrDefault("model_name"), keys.GetValueOrDefault("feature_input_hook"), keys.GetValueOrDefault("feature_output_hook"));
    }

    /// <summary>The hook that is read in a layer.</summary>
    public string? Input(int layer) => InLayer(InputHook, layer);

    /// <summary>The hook that is predicted in a layer.</summary>
    public string? Output(int layer) => InLayer(OutputHook, layer);

    private static string? InLayer(string? hook, int layer) => hook switch
    {
        null => null,
        "mlp.hook_out" => $"blocks.{layer}.hook_mlp_out", // the same tensor under another name
        _ when hook.Contains("{layer}", StringComparison.Ordinal) => hook.Replace("{layer}", $"{layer}"),
        _ => $"blocks.{layer}.{hook}",
    };

    [GeneratedRegex(@"^(\w+):\s*[""']?([^""'#]+?)[""']?\s*(?:#.*)?$")]
    private static partial Regex Pair();
}
