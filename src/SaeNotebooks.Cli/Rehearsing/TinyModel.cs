using SaeNotebooks.Checkpoints;
using SaeNotebooks.Cli.Benchmarks;
using SaeNotebooks.Models.Known;
using SaeNotebooks.Saes;
using SaeNotebooks.Saes.Registry;
using static TorchSharp.torch;

namespace SaeNotebooks.Cli.Rehearsing;

/// <summary>A model of a published one's family, with as many layers but narrow ones, of random weights: the same files under the same names, a thousandth of the size. Its
/// tokenizer is the embedded model's.</summary>
/// <param name="Known">the record of the published one</param>
/// <param name="Shape">the small one</param>
internal sealed record TinyModel(KnownModel Known, ModelShape Shape)
{
    private const int Width = 32, Vocabulary = 4096; // of the embedded model's tokenizer

    /// <summary>One of each family whose SAEs have a format of their own.</summary>
    public static IReadOnlyList<TinyModel> All { get; } =
    [
        Of("gpt2", (name, layers) => ModelShape.Gpt2(name, layers, Width, heads: 4, Vocabulary)),
        Of("gemma-2-2b", (name, layers) => ModelShape.Gemma2(name, layers, Width, mlp: 2 * Width, heads: 4, dHead: 8, Vocabulary)),
        Of("llama-3.1-8b", (name, layers) => ModelShape.Llama31(name, layers, Width, mlp: 2 * Width, heads: 4, dHead: 8, Vocabulary)),
    ];

    /// <summary>Writes the model's repository, and its SAEs as the release has them, one after every layer.</summary>
    /// <param name="folder">that gets a subfolder for each repository</param>
    public void Write(string folder)
    {
        var repository = Directory.CreateDirectory(Path.Combine(folder, Known.Repository!)).FullName;
        File.WriteAllText(Path.Combine(repository, "config.json"), Shape.Config);
        foreach (var file in Directory.GetFiles(DataFolder.Combine("models", "tiny"), "*token*.json")) File.Copy(file, Path.Combine(repository, Path.GetFileName(file)));
        using var scope = NewDisposeScope();
        using var random = new Generator(1, CPU);
        SafetensorsWriter.Write(Path.Combine(repository, "model.safetensors"), Shape.Tensors.ToDictionary(t => t.Name, t => Weights(t.Name, t.Shape, random)), Shape.Dtype);
        var first = SaeReference.Of(Known.Sae!).Published!;
        foreach (var sae in Enumerable.Range(0, Known.Layers).Select(layer => SaeRegistry.InLayer(first.Release, first.Id, layer)).OfType<PublishedSae>())
            TinySae.Write(sae, Width, Path.Combine(folder, sae.Repository), random);
    }

    private static TinyModel Of(string name, Func<string, int, ModelShape> shape)
    {
        var known = KnownModels.Find(name)!;
        return new(known, shape(name, known.Layers));
    }

    /// <summary>Norms that change nothing, matrices that keep the size of what they are given, and no biases.</summary>
    private Tensor Weights(string name, long[] shape, Generator random)
    {
        var scalesByOnePlus = Known.Name.StartsWith("gemma", StringComparison.Ordinal);
        return name.Contains("norm") || name.Contains("ln_") && name.EndsWith("weight", StringComparison.Ordinal) ? full(shape, scalesByOnePlus ? 0 : 1)
            : shape.Length == 1 ? zeros(shape) : randn(shape, generator: random) / Math.Sqrt(Width);
    }
}
