using System.Diagnostics;
using System.Runtime.InteropServices;
using SaeNotebooks.Features;
using SaeNotebooks.Features.Storage;
using SaeNotebooks.Features.Writing;
using SaeNotebooks.Harvest;

namespace SaeNotebooks.Cli.Benchmarks;

/// <summary>How fast an index answers, and how large it is, on made-up indexes of growing size: 32 latents per token, rates that differ a thousandfold.</summary>
/// <param name="gemm">timed beside</param>
internal sealed class IndexRows(Gemm gemm)
{
    private const int LatentsPerToken = 32, Sequence = 256, Vocabulary = 50_257, Answers = 25;
    private static readonly int Facts = new HarvestPlan().Facts;

    /// <summary>Tokens and latents of the indexes.</summary>
    public static IReadOnlyList<(int Tokens, int Latents)> Sizes { get; } = [(300_000, 16_384), (3_000_000, 16_384), (3_000_000, 4096), (3_000_000, 65_536)];

    /// <summary>The measurements of each size, made as they are asked for.</summary>
    public IEnumerable<(string Name, IEnumerable<Measurement> Rows)> Groups(CancellationToken cancellation) => Sizes.Select(size =>
    {
        var name = $"index, {size.Tokens / 1000:N0}k tokens, {size.Latents:N0} latents";
        return (name, Measure(name, size.Tokens, size.Latents, cancellation));
    });

    private IEnumerable<Measurement> Measure(string name, int tokens, int latents, CancellationToken cancellation)
    {
        var folder = Path.Combine(Path.GetTempPath(), $"index-bench-{Environment.ProcessId}");
        try
        {
            var clock = Stopwatch.StartNew();
            Write(folder, tokens, latents, cancellation);
            clock.Stop();
            using var index = FeatureIndex.Open(folder);
            var entries = index.Header.Saes[0].Activations;
            yield return Of($"{name}: written", "entries/s", [entries / clock.Elapsed.TotalSeconds]);
            var bytes = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Sum(f => new FileInfo(f).Length);
            yield return Of($"{name}: bytes per activation", "bytes", [(double)bytes / entries]);
            foreach (var row in Both($"{name}: a latent's dashboard data, cold", [.. Chosen(latents).Select(latent => Cold(folder, latent))])) yield return row;
            var sae = index.Header.Saes[0].Name;
            foreach (var row in Both($"{name}: a latent's dashboard data, warm", [.. Chosen(latents).Select(latent => Warm(index[sae], latent))])) yield return row;
        }
        finally { if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true); }
    }

    /// <summary>On a machine with other work, time on the processor says what the wall clock would say without it.</summary>
    private IEnumerable<Measurement> Both(string name, (double Wall, double Processor)[] runs) =>
        [Of(name, "ms", [.. runs.Select(r => r.Wall)]), Of($"{name}, on the processor", "ms", [.. runs.Select(r => r.Processor)])];

    private static (double Wall, double Processor) Time(Action work)
    {
        var (clock, before) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        work();
        return (clock.Elapsed.TotalMilliseconds, (Environment.CpuUsage.TotalTime - before).TotalMilliseconds);
    }

    private Measurement Of(string name, string unit, double[] runs) => new(name, unit, Measurement.MedianOf(runs), runs, gemm.Gflops());

    /// <summary>Latents of all rates.</summary>
    private static IEnumerable<int> Chosen(int latents) => Enumerable.Range(0, Answers).Select(i => (int)((long)i * latents / Answers));

    /// <summary>With nothing of the index in the page cache: from opening the folder to the answer.</summary>
    private static (double, double) Cold(string folder, int latent)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)) PageCache.Forget(file);
        return Time(() =>
        {
            using var index = FeatureIndex.Open(folder);
            index[index.Header.Saes[0].Name].Report(latent);
        });
    }

    private static (double, double) Warm(SaeIndex index, int latent)
    {
        index.Report(latent);
        return Time(() => index.Report(latent));
    }

    private static void Write(string folder, int tokens, int latents, CancellationToken cancellation)
    {
        var random = new Random(1);
        using var writer = new IndexWriter(folder, new(IndexHeader.FormatName, IndexHeader.CurrentVersion, "made up", "made up", "all tokens", "", 0, 0, 0, Vocabulary, [], [], new Dictionary<string, long>()));
        var ids = new int[Sequence];
        var counted = new byte[Sequence];
        counted.AsSpan().Fill(1);
        for (var at = 0; at < tokens; at += Sequence)
        {
            for (var i = 0; i < Sequence; i++) ids[i] = (int)(Vocabulary * Math.Pow(random.NextDouble(), 3)); // few tokens are frequent, as in text
            writer.AddSequence(at / Sequence, ids.AsSpan(0, Math.Min(Sequence, tokens - at)), counted.AsSpan(0, Math.Min(Sequence, tokens - at)), []);
        }
        var sae = new IndexedSae("blocks.8.hook_resid_post", "blocks.8.hook_resid_post", latents, "topk", "", "", 0, Facts);
        using (var entries = writer.BeginSae(sae, new float[latents])) WriteLatents(entries, tokens, latents, random, cancellation);
        var at2 = writer.FolderOf(sae.Name);
        ArrayFile<int>.WriteAll(Path.Combine(at2, SaeFiles.Neighbours), new int[latents * Facts]);
        ArrayFile<float>.WriteAll(Path.Combine(at2, SaeFiles.NeighbourCosines), new float[latents * Facts]);
        ArrayFile<int>.WriteAll(Path.Combine(at2, SaeFiles.LogitTokens), new int[2 * latents * Facts]);
        ArrayFile<float>.WriteAll(Path.Combine(at2, SaeFiles.LogitWeights), new float[2 * latents * Facts]);
        writer.CompletePairs();
        ArrayFile<int>.WriteAll(Path.Combine(writer.TextFolder, CorpusFiles.TextEnds), [.. Enumerable.Range(1, Vocabulary).Select(i => 4 * i)]);
        File.WriteAllBytes(Path.Combine(writer.TextFolder, CorpusFiles.Texts), [.. Enumerable.Repeat((byte)'a', 4 * Vocabulary)]);
        writer.Commit();
    }

    /// <summary>Rates fall off geometrically, from the first latent to a thousandth of it.</summary>
    private static void WriteLatents(SaeWriter writer, int tokens, int latents, Random random, CancellationToken cancellation)
    {
        var fall = Math.Pow(1000, -1.0 / latents);
        var first = LatentsPerToken * (1 - fall) / (1 - 1e-3);
        for (var latent = 0; latent < latents; latent++)
        {
            cancellation.ThrowIfCancellationRequested();
            List<uint> places = [];
            var gap = 1 / Math.Min(0.9, first * Math.Pow(fall, latent));
            for (var place = gap * random.NextDouble(); place < tokens; place += Math.Max(1, 2 * gap * random.NextDouble())) places.Add((uint)place);
            float[] values = [.. places.Select(_ => -MathF.Log(1 - random.NextSingle()) + 0.01f)];
            writer.Add(latent, CollectionsMarshal.AsSpan(places), values);
        }
        writer.Complete();
    }
}

/// <summary>The system's cache of files.</summary>
internal static partial class PageCache
{
    private const int DontNeed = 4;

    /// <summary>Drops a file from it, so that reading it is reading the disk again; on Linux alone.</summary>
    public static void Forget(string path)
    {
        if (!OperatingSystem.IsLinux()) return;
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        RandomAccess.FlushToDisk(file); // only what is on the disk can be dropped
        posix_fadvise((int)file.DangerousGetHandle(), 0, 0, DontNeed);
    }

    [LibraryImport("libc")]
    private static partial int posix_fadvise(int file, long offset, long length, int advice);
}
