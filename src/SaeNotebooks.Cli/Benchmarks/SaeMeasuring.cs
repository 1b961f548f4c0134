using SaeNotebooks.Models;
using SaeNotebooks.Saes;
using SaeNotebooks.Training.Evaluation;

namespace SaeNotebooks.Cli.Benchmarks;

/// <summary>Evaluation of an SAE of 24,576 latents in the middle of random weights in the shape of GPT-2 small: reconstruction, and losses with it spliced in.</summary>
internal static class SaeMeasuring
{
    private const int Latents = 24_576, Sequences = 16, Length = 128;

    /// <summary>Measured for its memory alone: its time is that of five forward passes.</summary>
    public static Benchmark Evaluation => new("evaluate", $"SAE evaluation, GPT-2 small with 768 → {Latents:N0}", "tokens/s", Prepare);

    private static Work Prepare()
    {
        using var checkpoint = GeneratedCheckpoint.Write(ModelShape.Named("gpt2-small"), Path.GetTempPath());
        var (model, sae) = (HookedTransformer.Load(checkpoint.Folder), Gpt2Shapes.Sae(Latents));
        var random = new Random(1);
        int[][] sequences = [.. Enumerable.Range(0, Sequences).Select(_ => Enumerable.Range(0, Length).Select(_ => random.Next(model.Config.VocabSize)).ToArray())];
        return new(() => SaeReport.Measure(model, sae, sequences).Reconstruction.Tokens, new Owner(model, sae));
    }

    private sealed record Owner(HookedTransformer Model, Sae Sae) : IDisposable
    {
        public void Dispose()
        {
            Model.Dispose();
            Sae.Dispose();
        }
    }
}
