namespace SaeNotebooks.Models;

/// <summary>Reads which layers see only the latest tokens.</summary>
internal static class SlidingWindows
{
    private const string Layers = "layer_types", Sliding = "sliding_attention", Full = "full_attention";

    /// <summary>The window of each layer; null where a layer sees everything.</summary>
    /// <param name="json">the configuration; <c>layer_types</c>, which transformers 5 writes, decides where it is there</param>
    /// <param name="nLayers">layers of the model</param>
    /// <param name="slides">which layers slide in the layout of transformers 4</param>
    public static IReadOnlyList<int?> Read(ConfigJson json, int nLayers, Func<int, bool> slides)
    {
        var types = json.Texts(Layers);
        if (types is not null && types.Count != nLayers) throw json.Error(Layers, $"has {types.Count} entries for {nLayers} layers");
        foreach (var type in types ?? [])
            if (type is not (Sliding or Full)) throw json.Error(Layers, $"'{type}' is not supported; known are {Sliding}, {Full}");
        return [.. Enumerable.Range(0, nLayers).Select(layer =>
            (types is null ? slides(layer) : types[layer] == Sliding) ? json.Size("sliding_window") : (int?)null)];
    }
}
