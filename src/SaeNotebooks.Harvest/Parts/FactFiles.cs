using System.Text;
using SaeNotebooks.Features;
using SaeNotebooks.Features.Questions;
using SaeNotebooks.Features.Storage;
using SaeNotebooks.Features.Writing;
using SaeNotebooks.Models;
using SaeNotebooks.Saes;
using static TorchSharp.torch;

namespace SaeNotebooks.Harvest.Parts;

/// <summary>What is known of the latents without a corpus, and the texts of the vocabulary: the first shard writes it, and the index gets it as it is.</summary>
internal static class FactFiles
{
    private const string Biases = "biases.f32";

    private static readonly TorchSharp.Scalar BelowAnyCosine = -2.0;

    /// <summary>Numbers in one piece of a product (64 MB).</summary>
    private const long Elements = 1 << 24;

    /// <summary>How many facts there can be of each latent.</summary>
    public static int Possible(int wanted, Sae sae, HookedTransformer model) => Math.Max(0, Math.Min(wanted, Math.Min(sae.Width - 1, model.Config.VocabSize / 2)));

    /// <summary>Ids that texts are stored for.</summary>
    public static int Vocabulary(HookedTransformer model) => model.Tokenizer is null ? model.Config.VocabSize : Math.Max(model.Config.VocabSize, model.Tokenizer.VocabSize);

    /// <summary>Writes all of it, unless it is there.</summary>
    public static void Write(string folder, HookedTransformer model, IReadOnlyList<Sae> saes, IReadOnlyList<IndexedSae> entries, CancellationToken cancellation)
    {
        if (Directory.Exists(folder)) return;
        var partial = folder + ".partial";
        if (Directory.Exists(partial)) Directory.Delete(partial, recursive: true);
        WriteTexts(Directory.CreateDirectory(Path.Combine(partial, CorpusFiles.Folder)).FullName, model);
        using var progress = Progress.Start("Nearest latents and output tokens", saes.Sum(s => (long)s.Width), "latents", cancellation: cancellation);
        long done = 0;
        foreach (var (sae, entry) in saes.Zip(entries))
        {
            var at = Directory.CreateDirectory(Path.Combine(partial, entry.Name)).FullName;
            using (var biases = sae.EncoderBias.cpu()) ArrayFile<float>.WriteAll(Path.Combine(at, Biases), biases.data<float>().ToArray());
            WriteNeighbours(at, sae, entry.Facts, progress.Cancellation);
            WriteLogits(at, sae, model, entry.Facts, progress.Cancellation);
            progress.Report(done += sae.Width);
        }
        Directory.Move(partial, folder);
    }

    /// <summary>b_enc of an SAE.</summary>
    public static float[] ReadBiases(string folder, IndexedSae sae)
    {
        using var biases = MappedArray<float>.Open(Path.Combine(folder, sae.Name, Biases), sae.Width);
        return biases.Span(0, sae.Width).ToArray();
    }

    /// <summary>Copies the texts, or an SAE's facts, into an index.</summary>
    public static void Copy(string folder, string name, string into)
    {
        foreach (var file in Directory.GetFiles(Path.Combine(folder, name)).Where(f => Path.GetFileName(f) != Biases)) File.Copy(file, Path.Combine(into, Path.GetFileName(file)));
    }

    private static void WriteTexts(string folder, HookedTransformer model)
    {
        using var texts = new MemoryStream();
        var ends = new int[Vocabulary(model)];
        for (var id = 0; id < ends.Length; id++)
        {
            texts.Write(Encoding.UTF8.GetBytes(model.TokenOf(id).Text));
            ends[id] = (int)texts.Length;
        }
        ArrayFile<int>.WriteAll(Path.Combine(folder, CorpusFiles.TextEnds), ends);
        File.WriteAllBytes(Path.Combine(folder, CorpusFiles.Texts), texts.ToArray());
    }

    private static void WriteNeighbours(string folder, Sae sae, int facts, CancellationToken cancellation)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        using var latents = new ArrayFile<int>(Path.Combine(folder, SaeFiles.Neighbours));
        using var cosines = new ArrayFile<float>(Path.Combine(folder, SaeFiles.NeighbourCosines));
        if (facts == 0) return;
        var unit = Directions.Unit(sae.Decoder); // [d_sae, d_out]
        foreach (var (first, count) in Pieces(sae.Width, sae.Width))
        {
            cancellation.ThrowIfCancellationRequested();
            using var inner = NewDisposeScope();
            var product = unit.narrow(0, first, count).matmul(unit.t()); // [count, d_sae]
            product.narrow(1, first, count).diagonal(0, 0, 1).fill_(BelowAnyCosine); // no latent is its own neighbour
            var (values, ids) = product.topk(facts, 1);
            latents.Write([.. ids.cpu().contiguous().data<long>().ToArray().Select(id => (int)id)]);
            cosines.Write(values.cpu().contiguous().data<float>().ToArray());
        }
    }

    private static void WriteLogits(string folder, Sae sae, HookedTransformer model, int facts, CancellationToken cancellation)
    {
        using var quiet = no_grad();
        using var tokens = new ArrayFile<int>(Path.Combine(folder, SaeFiles.LogitTokens));
        using var weights = new ArrayFile<float>(Path.Combine(folder, SaeFiles.LogitWeights));
        if (facts == 0) return;
        if (sae.OutputWidth != model.Config.DModel) // not in the residual stream: −1 says that there are none
        {
            tokens.Write([.. Enumerable.Repeat(-1, sae.Width * 2 * facts)]);
            weights.Write(new float[sae.Width * 2 * facts]);
            return;
        }
        foreach (var (first, count) in Pieces(sae.Width, model.Config.VocabSize))
        {
            cancellation.ThrowIfCancellationRequested();
            using var rows = sae.Decoder.narrow(0, first, count);
            var (ids, values) = LogitWeights.OfRows(model, rows, facts);
            tokens.Write(ids);
            weights.Write(values);
        }
    }

    private static IEnumerable<(long First, long Count)> Pieces(long rows, long columns)
    {
        var most = Math.Max(1, Elements / columns);
        for (var first = 0L; first < rows; first += most) yield return (first, Math.Min(most, rows - first));
    }
}
