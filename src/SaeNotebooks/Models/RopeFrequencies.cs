using static TorchSharp.torch;

namespace SaeNotebooks.Models;

/// <summary>Reads how fast each rotary plane turns out of a configuration, in the layout of transformers 4 or 5.</summary>
internal static class RopeFrequencies
{
    /// <summary>The rotary positions of a whole model.</summary>
    /// <param name="config">the configuration</param>
    /// <param name="width">how many numbers of a head turn</param>
    /// <param name="theta">the key of θ in the layout of transformers 4</param>
    public static Rope Read(ConfigJson config, int width, string theta = "rope_theta")
    {
        // transformers 5 gathers everything in rope_parameters; 4 has rope_theta beside an optional rope_scaling.
        if (config.Object("rope_parameters") is { } parameters) return Scaled(parameters, parameters.Number("rope_theta"), width);
        var usual = config.Number(theta, 10_000);
        return config.Object("rope_scaling") is { } scaling ? Scaled(scaling, usual, width) : Plain(usual, width);
    }

    /// <summary>θ^(−2i / width), scaled as a <c>rope_scaling</c> or <c>rope_parameters</c> object says.</summary>
    public static Rope Scaled(ConfigJson scaling, double theta, int width)
    {
        var rope = Plain(theta, width);
        var type = scaling.Has("rope_type") ? scaling.Text("rope_type") : scaling.Text("type", "default");
        return type switch
        {
            "default" => rope,
            "linear" => Linear(rope, scaling.Number("factor")),
            "llama3" => Llama3(rope, scaling),
            _ => throw scaling.Error("rope_type", $"'{type}' is not supported; known are default, linear, llama3"),
        };
    }

    /// <summary>θ^(−2i / width), in float32 as the reference computes it.</summary>
    public static Rope Plain(double theta, int width)
    {
        using var scope = NewDisposeScope();
        var exponents = tensor([.. Enumerable.Range(0, width / 2).Select(i => 2f * i / width)]);
        return new Rope(pow(tensor((float)theta), exponents).reciprocal().data<float>().ToArray());
    }

    /// <summary>Position interpolation (Chen et al. 2023): every plane is slowed by the factor.</summary>
    private static Rope Linear(Rope rope, double factor) => new([.. rope.InverseFrequencies.Select(f => (float)(f / factor))]);

    /// <summary>Llama 3.1: slow planes are slowed by the factor, fast ones kept, those between blended.</summary>
    private static Rope Llama3(Rope rope, ConfigJson scaling)
    {
        var factor = scaling.Number("factor");
        var (low, high) = (scaling.Number("low_freq_factor"), scaling.Number("high_freq_factor"));
        var trained = scaling.Number("original_max_position_embeddings");
        return new Rope([.. rope.InverseFrequencies.Select(f =>
        {
            var turns = trained * f / (2 * Math.PI); // full turns within the context of the first training
            var kept = Math.Clamp((turns - low) / (high - low), 0, 1);
            return (float)((1 - kept) * f / factor + kept * f);
        })]);
    }
}
