using SaeNotebooks.Training.Embedded;
using SaeNotebooks.Translation.Evaluation;
using SaeNotebooks.Translation.Selection;

namespace SaeNotebooks.Translation.Tests.Selection;

public sealed class SelectionExperimentTests : IDisposable
{
    private static readonly SelectionOptions Small = new()
    {
        PoolSize = 20, Noise = 0.5, Budgets = [0.2, 0.5], Strategies = [Strategy.Random, Strategy.LeastActive, Strategy.GateAlone], Seeds = 2, TestPrompts = 4,
        FineTuning = new() { Steps = 2, TokensPerBatch = 512 },
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("selection-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Interrupted_and_resumed_it_reports_the_same()
    {
        var model = Path.Combine(_folder, "model");
        new EmbeddedModelRecipe
        {
            Shape = new(Layers: 2, Width: TinyModel.Width, Heads: 2, MlpWidth: 32, Vocabulary: 600, Context: 512),
            Plan = new() { Steps = 3 }, Batches = new() { DocumentsPerPool = 64 }, TokenizerDocuments = 400,
        }.Train(Corpora.DataFolder, Path.Combine(_folder, "training"), model, _ => { });
        using var sae = TinyModel.RandomSae(0);
        SelectionExperiment Experiment(SelectionOptions options, string work) => new(model, TinyModel.Model, new(sae, [1, 2, 3]), Corpora.Corpus, options, Path.Combine(_folder, work));

        var whole = Experiment(Small, "whole").Run("scorer");
        Assert.Equal(2 * 3 * 2, whole.Runs.Count);
        Assert.All(whole.Runs, run => Assert.Equal((int)(run.Budget * Small.PoolSize), run.Picked.Values.Sum()));

        Experiment(Small with { Seeds = 1, Strategies = [Strategy.GateAlone] }, "parts").Run("scorer");
        var kept = Directory.GetFiles(Path.Combine(_folder, "parts"), "*.json", SearchOption.AllDirectories).ToDictionary(f => f, File.GetLastWriteTimeUtc);
        Assert.Equal(1 + 2, kept.Count);
        Assert.Equal(CardFile.ToJson(whole), CardFile.ToJson(Experiment(Small, "parts").Run("scorer")));
        Assert.All(kept, file => Assert.Equal(file.Value, File.GetLastWriteTimeUtc(file.Key)));

        var page = SelectionMarkdown.Render(whole);
        Assert.All(["## 20 % of the pool", "S3 least active over gate alone", "WrongLanguage"], part => Assert.Contains(part, page));
        Assert.Equal(CardFile.ToJson(whole), CardFile.ToJson(CardFile.FromJson<SelectionReport>(CardFile.ToJson(whole))));
    }

    public static TheoryData<SelectionOptions, string> Impossible => new()
    {
        { Small with { Seeds = 0 }, "There must be seeds, at least 1, and there are 0" },
        { Small with { PoolSize = 0 }, "examples in a pool" },
        { Small with { TestPrompts = -1 }, "held-out test prompts" },
        { Small with { FineTuning = new() { Steps = 0 } }, "training steps" },
        { Small with { Strategies = [] }, "strategies to compare" },
        { Small with { Budgets = [0.2, 1.5] }, "budgets of more than 0" },
        { Small with { Budgets = [0.01] }, "an example at least of 20" },
    };

    [Theory, MemberData(nameof(Impossible), DisableDiscoveryEnumeration = true)]
    public void What_cannot_be_run_is_refused_before_it_begins(SelectionOptions options, string problem)
    {
        using var sae = TinyModel.RandomSae(0);
        Assert.Contains(problem, Assert.Throws<ArgumentException>(() => new SelectionExperiment(_folder, TinyModel.Model, new(sae, [1]), Corpora.Corpus, options, _folder)).Message);
    }
}
