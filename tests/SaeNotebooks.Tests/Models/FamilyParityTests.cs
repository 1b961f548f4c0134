using SaeNotebooks.Models;
using SaeNotebooks.Tests.Goldens;

namespace SaeNotebooks.Tests.Models;

/// <summary>Every family against HuggingFace transformers in float32, from the same checkpoints.</summary>
public class FamilyParityTests(ITestOutputHelper output)
{
    private const double Tolerance = 5e-5;

    private static readonly string[] Names =
    [
        "gpt2", "gpt_neox", "gpt_neox_serial", "llama", "llama_tied", "mistral", "gemma", "gemma2", "gemma3_text", "gemma3_linear",
        "qwen2", "qwen2_swa", "qwen3",
    ];

    public static TheoryData<string> Families => new(Names);

    [Theory, MemberData(nameof(Families))]
    public void EveryLayerAgrees(string family) => RequireClose(family, Parity.Alone);

    [Theory, MemberData(nameof(Families))]
    public void PaddedBatchesAgreeWhereThereAreTokens(string family) => RequireClose(family, Parity.InPaddedBatches);

    [Theory, MemberData(nameof(Families))]
    public void GreedyTokensAreTheSame(string family)
    {
        using var golden = new Golden(family);
        using var model = TestModels.Load(family);
        var generations = Parity.Greedy(model, golden).ToList();
        Assert.Equal(4, generations.Count);
        Assert.All(generations, g => Assert.Equal(20, g.Actual.Length));
        Assert.All(generations, g => Assert.True(g.Expected.SequenceEqual(g.Actual), $"{g.What}: {string.Join(" ", g.Actual)}, expected {string.Join(" ", g.Expected)}"));
    }

    [Theory, MemberData(nameof(Families))]
    public void BothLayoutsOfTheConfigurationDescribeTheSameModel(string family)
    {
        using var golden = new Golden(family);
        using var folder = new ModelFolder(family, configFile: "config.v5.json");
        using var old = TestModels.Load(family);
        using var now = folder.Load();
        Assert.Equal(old.Config with { SpecialTokens = now.Config.SpecialTokens }, now.Config); // lists inside compare by reference
        using var a = old.Run(golden.Ids("prompt0"));
        using var b = now.Run(golden.Ids("prompt0"));
        Assert.Equal(0, Compare.Difference(a.Logits, b.Logits));
    }

    /// <summary>Prints the table of <c>src/SaeNotebooks/Models/README.md</c>:
    /// <c>dotnet test tests/SaeNotebooks.Tests --filter Table --logger "console;verbosity=detailed"</c>.</summary>
    [Fact]
    public void TheTableOfDeviations()
    {
        string[] kinds = [Parity.Residual, Parity.Pattern, Parity.Logits, Parity.Padded];
        output.WriteLine($"| checkpoint | {string.Join(" | ", kinds)} | 4 × 20 greedy tokens |");
        output.WriteLine($"|---|{string.Concat(kinds.Select(_ => "---|"))}---|");
        foreach (var family in Names)
        {
            using var golden = new Golden(family);
            using var model = TestModels.Load(family);
            List<Deviation> found = [.. Parity.Alone(model, golden), .. Parity.InPaddedBatches(model, golden)];
            var same = Parity.Greedy(model, golden).Sum(g => g.Expected.Zip(g.Actual).Count(t => t.First == t.Second));
            var cells = kinds.Select(kind => found.Where(f => f.Kind == kind).Max(f => f.Max)).ToList();
            output.WriteLine($"| {family} | {string.Join(" | ", cells.Select(c => c.ToString("0.0e+0")))} | {same} of 80 |");
            Assert.All(cells, c => Assert.InRange(c, 0, Tolerance));
        }
    }

    private static void RequireClose(string family, Func<HookedTransformer, Golden, List<Deviation>> measure)
    {
        using var golden = new Golden(family);
        using var model = TestModels.Load(family);
        var found = measure(model, golden);
        Assert.NotEmpty(found);
        Assert.All(found, d => Assert.True(d.Max <= Tolerance, $"{d.What} differs by {d.Max:g3}, allowed {Tolerance:g3}"));
    }
}
