using System.Text.Json;
using static TorchSharp.torch;

namespace SaeNotebooks.Cli.Benchmarks;

/// <summary>What other people's tools reached on another machine, with the speed of a matrix product there: <c>peers.json</c>.</summary>
/// <param name="Machine">where that was</param>
/// <param name="ProductGflops">speed of the matrix product there, in GFLOP/s, as <see cref="Gemm"/> measures it</param>
/// <param name="Figures">speeds</param>
/// <param name="Memory">peaks of memory</param>
internal sealed record Peers(string Machine, ProductSpeed ProductGflops, IReadOnlyList<PeerSpeed> Figures, IReadOnlyList<PeerMemory> Memory)
{
    /// <summary>Least share of the matrix product's speed at which an encoder's product, with all that is done to its result, is to be made.</summary>
    private const double LeastShare = 0.8;

    private static readonly Lazy<Peers> Table = new(Read);

    /// <summary>The figures that ship with this program.</summary>
    public static Peers Known => Table.Value;

    /// <summary>A measurement with what there is to compare it with.</summary>
    public Measurement Compare(Benchmark benchmark, Measurement measured)
    {
        var product = benchmark.Product == ScalarType.BFloat16 ? ProductGflops.BFloat16 : ProductGflops.Float32;
        var comparisons = Figures.Where(f => f.Work == benchmark.Key).Select(f =>
            new Comparison(f.Peer, measured.Median / measured.GemmGflops / (f.Value / product), f.AtLeast, null, f.Source));
        return measured with
        {
            Comparisons = benchmark.FlopPerUnit is not { } flop ? [.. comparisons]
                : [.. comparisons, new("the matrix product beside it", measured.Median * flop / 1e9 / measured.GemmGflops, LeastShare, null, "this machine")],
        };
    }

    private static Peers Read()
    {
        using var stream = typeof(Peers).Assembly.GetManifestResourceStream("peers.json")!;
        return JsonSerializer.Deserialize<Peers>(stream, JsonSerializerOptions.Web)!;
    }
}

/// <summary>Speed of a matrix product in GFLOP/s.</summary>
internal sealed record ProductSpeed(string Source, double Float32, double BFloat16);

/// <summary>A speed that somebody's tool reached.</summary>
/// <param name="Work">key of the benchmark</param>
/// <param name="Peer">whose tool</param>
/// <param name="Value">units per second</param>
/// <param name="AtLeast">how many times as fast this library is to be</param>
/// <param name="Source">what was measured</param>
internal sealed record PeerSpeed(string Work, string Peer, double Value, double AtLeast, string Source);

/// <summary>The most memory that somebody's tool had in use.</summary>
/// <param name="Work">key of the benchmark</param>
/// <param name="Peer">whose tool</param>
/// <param name="Mebibytes">peak of a process that does nothing else</param>
/// <param name="AtMost">what share of it this library may use</param>
/// <param name="Source">what was measured</param>
internal sealed record PeerMemory(string Work, string Peer, double Mebibytes, double AtMost, string Source);
