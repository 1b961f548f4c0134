using static TorchSharp.torch;

namespace SaeNotebooks.Models;

/// <summary>Reads how fast each rotary plane turns out of a configuration, in the layout of transformers 4 or 5.</summary>
internal static class RopeFrequencies
{
    public static Rope Read(ConfigJson config, int dHead)
    {
        // transformers 5 gathers everything in rope_parameters; 4 has rope_theta beside an optional rope_scaling.
        var parameters = config.Object("rope_parameters") ?? config.Object("rope_scaling");
        var theta = parameters?.Has("rope_theta") == true ? parameters.Number("rope_theta") : config.Number("rope_theta", 10_000);
        var frequencies = Plain(theta, dHead);
        if (parameters is null) return new Rope(frequencies);

        var type = parameters.Has("rope_type") ? parameters.Text("rope_type") : parameters.Text("type", "default");
        return new Rope(type switch
        {
            "default" => frequencies,
            "linear" => Linear(frequencies, parameters.Number("factor")),
            "llama3" => Llama3(frequencies, parameters),
            _ => throw parameters.Error("rope_type", $"'{type}' is not supported; known are default, linear, llama3"),
        });
    }

    /// <summary>θ^(−2i / d_head), in float32 as the reference computes it.</summary>
    private static float[] Plain(double theta, int dHead)
    {
        using var scope = NewDisposeScope();
        var exponents = tensor([.. Enumerable.Range(0, dHead / 2).Select(i => 2f * i / dHead)]);
        return pow(tensor((float)theta), exponents).reciprocal().data<float>().ToArray();
    }

    private static float[] Linear(float[] frequencies, double factor) => [.. frequencies.Select(f => (float)(f / factor))];

    /// <summary>Llama 3.1: slow planes are slowed by the factor, fast ones kept, those between blended.</summary>
    private static float[] Llama3(float[] frequencies, ConfigJson scaling)
    {
        var factor = scaling.Number("factor");
        var (low, high) = (scaling.Number("low_freq_factor"), scaling.Number("high_freq_factor"));
        var trained = scaling.Number("original_max_position_embeddings");
        return [.. frequencies.Select(f =>
        {
            var turns = trained * f / (2 * Math.PI); // full turns within the context of the first training
            var kept = Math.Clamp((turns - low) / (high - low), 0, 1);
            return (float)((1 - kept) * f / factor + kept * f);
        })];
    }
}
