using SaeNotebooks.Saes;
using SaeNotebooks.Translation.Causal;
using SaeNotebooks.Translation.Discovery;
using SaeNotebooks.Translation.Evaluation;
using SaeNotebooks.Translation.Study;
using SaeNotebooks.Translation.Tests.Study;
using SaeNotebooks.Translation.Transfer;

namespace SaeNotebooks.Translation.Tests.Transfer;

public sealed class TransferStudyTests : IDisposable
{
    private static readonly TransferOptions Small = new()
    {
        MatchingPrompts = 10, ControlsPerLatent = 1, PeersPerMatch = 2, SentencesPerSetting = 1, DownstreamPrompts = 3, Strongest = 2, PromptsPerPair = 1, JointPeers = 1, Stories = 1, SaeDocuments = 4,
    };

    private static readonly FoundLatents Found = new([new(0, 7), new(1, 3), new(1, 20), new(1, 41)], [new(0, 7), new(1, 3), new(1, 5), new(1, 20), new(1, 41)], EveryStep: true);

    private static readonly CarriedTask[] Carried = [new(0, 0.1), new(1, 0.9), new(2, 0.5)];

    private readonly string _folder = Directory.CreateTempSubdirectory("transfer-").FullName;

    private readonly Sae[] _from = [TinyModel.RandomSae(0), TinyModel.RandomSae(1)], _to = [TinyModel.RandomSae(1, TinyModel.WiderWidth), TinyModel.RandomSae(2, TinyModel.WiderWidth)];

    public void Dispose()
    {
        foreach (var sae in _from.Concat(_to)) sae.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private TransferSubject Subject(ITranslationTask task, params Sae[] to) =>
        new(new("untrained", TinyModel.Model, SaeSource.Of(_from)), new("wider", TinyModel.Wider, SaeSource.Of(to)), Corpora.Corpus, task, Found);

    [Fact]
    public void An_interrupted_study_goes_on_and_gives_the_same_report()
    {
        var whole = TransferStudy.Run(Subject(new SmallTask(), _to), Carried, Small);
        var cache = Path.Combine(_folder, "cache");
        Assert.Throws<OperationCanceledException>(() => TransferStudy.Run(Subject(new SmallTask { AnswersUntilOff = 9 }, _to), Carried, Small, cache));
        var kept = Directory.GetFiles(cache, "*.json", SearchOption.AllDirectories).ToDictionary(f => f, File.GetLastWriteTimeUtc);
        Assert.NotEmpty(kept);
        var resumed = TransferStudy.Run(Subject(new SmallTask(), _to), Carried, Small, cache);
        Assert.All(kept, f => Assert.Equal(f.Value, File.GetLastWriteTimeUtc(f.Key)));
        Assert.Equal(CardFile.ToJson(whole), CardFile.ToJson(resumed));
        Assert.Equal(CardFile.ToJson(whole), CardFile.ToJson(CardFile.FromJson<TransferReport>(CardFile.ToJson(whole))));
        CheckEffects(whole);
        CheckFiles(whole);
    }

    /// <summary>Matches and what they cost, against the parts that they are put together from.</summary>
    private void CheckEffects(TransferReport report)
    {
        var prompts = new SmallTask().Settings.SelectMany(s => new SmallTask().Prompts(s, PromptUse.Test, 1, everyWording: false)).ToList();
        var effects = new ReferenceEffects(TinyModel.Wider, prompts);
        foreach (var row in report.Matchings.SelectMany(m => m.Latents))
        {
            var sae = _to.First(s => s.Config.Hook.Layer == row.Match.Match.Layer);
            Assert.Equal(effects.Exact(sae, [new(row.Match.Match.Latent, 0)])[0].Average(), row.Effect.Value, 1e-5);
        }
        Assert.Equal(Found.Causal, report.Sources.Where(s => s.ControlOf is null).Select(s => s.Latent.Id));
        Assert.All(report.Sources.Where(s => s.ControlOf is not null), s => Assert.Equal((s.ControlOf!.Value.Layer, false), (s.Latent.Id.Layer, Found.Suspects.Contains(s.Latent.Id))));
        Assert.Equal(LatentTransfer.ByLogits(new("untrained", TinyModel.Model, SaeSource.Of(_from)), Found.Causal, new("wider", TinyModel.Wider, SaeSource.Of(_to))).Select(m => m.Match),
            report.Matchings[1].OfFound.Select(l => l.Match.Match));
        Assert.Equal([1, 2], report.Saes.Select(s => s.Layer));
    }

    private void CheckFiles(TransferReport report)
    {
        TransferFiles.Write(_folder, report);
        var html = File.ReadAllText(Path.Combine(_folder, "report.html"));
        Assert.Contains("<svg", html);
        Assert.DoesNotContain("src=\"http", html);
        // The card has six digits of every number, and reads back.
        var card = CardFile.FromJson<TransferReport>(File.ReadAllText(Path.Combine(_folder, "card.json")));
        Assert.Equal(report.To.Perplexity, card.To.Perplexity, report.To.Perplexity * 1e-6);
        Assert.Equal(TransferFindings.Of(report).SkipLast(1), TransferFindings.Of(card).SkipLast(1)); // random SAEs explain less than nothing, in more digits than six
        Assert.Contains("not shown that causality transfers", File.ReadAllText(Path.Combine(_folder, "README.md"))); // these models translate nothing
        Assert.Equal(4 + 1, File.ReadLines(Path.Combine(_folder, "tables", "contrasts.csv")).Skip(1).Count());
        Assert.Equal(2 * Found.Causal.Count, File.ReadLines(Path.Combine(_folder, "tables", "matches-by-logit-weights.csv")).Skip(1).Count());
    }

    [Fact]
    public void What_does_not_fit_is_refused_before_anything_is_measured()
    {
        string Refusal(TransferSubject subject) => Assert.Throws<ArgumentException>(() => TransferStudy.Run(subject, Carried, Small, _folder)).Message;
        Assert.Contains("no SAE of 'wider' after layer 1; there are some after 2", Refusal(Subject(new SmallTask(), _to[1])));
        Assert.Contains("reads 24 numbers", Refusal(Subject(new SmallTask(), _from[1])));
        Assert.Contains("no latent 99", Refusal(Subject(new SmallTask(), _to) with { Found = Found with { Causal = [new(1, 99)] } }));
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void Peers_are_the_nearest_that_are_left()
    {
        // All fire equally often, so the norm decides; 4 writes as much as 0 but is barred.
        Dictionary<int, LastTokenFiring> firing = new() { [1] = new([0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f], [8, 4, 7, 3.5f, 8, 2]) };
        var peers = AblationStage.Peers([new(1, 0), new(1, 1)], firing, 2, [new(1, 4)]);
        Assert.Equal([2, 3], peers[new(1, 0)].Select(p => p.Latent)); // the nearest to 8, then the next
        Assert.Equal([3, 2], peers[new(1, 1)].Select(p => p.Latent)); // which may be the peer of another, but not as the first peer of both
        Assert.Equal([3], AblationStage.Peers([new(1, 1)], firing, 1, [])[new(1, 1)].Select(p => p.Latent));
    }

    [Fact]
    public void Where_no_task_is_carried_out_nothing_can_be_carried()
    {
        var side = new LatentSide("untrained", TinyModel.Model, SaeSource.Of([]));
        Assert.Contains("carries out no task", Assert.Throws<ArgumentException>(() => WhereCarried.Of(side, Corpora.Corpus, new() { PatchCases = 2 }, _folder)).Message);
        Assert.Equal(1, WhereCarried.Most(Carried));
    }
}
