using SaeNotebooks.Hooks;
using SaeNotebooks.Saes;
using SaeNotebooks.Translation.Causal;
using SaeNotebooks.Translation.Discovery;
using SaeNotebooks.Translation.Evaluation;
using SaeNotebooks.Translation.Parallel;
using SaeNotebooks.Translation.Study;

namespace SaeNotebooks.Translation.Tests.Study;

public sealed class StudyTests : IDisposable
{
    private static readonly StudyOptions Small = new()
    {
        Recall = new() { Share = 0.5 }, DiscoverySentences = 3, RecurrenceSentences = 1, Best = 3, RhoSample = 1, PromptsPerPair = 2, TransferPrompts = 3, TransferLatents = 1,
        Screening = new() { Extra = 1, ControlsPerLatent = 1 },
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("study-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void An_interrupted_study_goes_on_and_gives_the_same_tables()
    {
        using var first = TinyModel.RandomSae(0);
        using var second = TinyModel.RandomSae(1);
        var literature = Literature.Load(Path.Combine(Corpora.DataFolder, "studies", "literature", "translation-switch.json"));
        StudySubject Subject(ITranslationTask task) => new("untrained", TinyModel.Model, SaeSource.Of([first, second]), task);

        var whole = TranslationSwitchStudy.Run(Subject(new SmallTask()), Small);
        // The power of the machine goes off in the middle of the generations.
        Assert.Throws<OperationCanceledException>(() => TranslationSwitchStudy.Run(Subject(new SmallTask { AnswersUntilOff = 40 }), Small, _folder));
        Assert.True(File.Exists(Path.Combine(_folder, "test", "plain.json")));
        var kept = Directory.GetFiles(_folder, "*.json", SearchOption.AllDirectories).ToDictionary(f => f, File.GetLastWriteTimeUtc);
        var resumed = TranslationSwitchStudy.Run(Subject(new SmallTask()), Small, _folder);

        Assert.All(kept, f => Assert.Equal(f.Value, File.GetLastWriteTimeUtc(f.Key)));
        Assert.Equal(Tables(whole), Tables(resumed));
        // A third run has nothing left to generate; with other options the parts that depend on them are made anew.
        Assert.Equal(Tables(whole), Tables(TranslationSwitchStudy.Run(Subject(new SmallTask { AnswersUntilOff = 0 }), Small, _folder)));
        Assert.Throws<OperationCanceledException>(() => TranslationSwitchStudy.Run(Subject(new SmallTask { AnswersUntilOff = 0 }), Small with { PromptsPerPair = 3 }, _folder));

        var layout = Directory.GetFiles(Path.Combine(_folder, "answers", "untrained", "en-fr_edit"), "untrained.modified", SearchOption.AllDirectories);
        Assert.Matches(@"l\d_p\d+.v[03]_translate\.en\.\d\d.untrained\.modified$", layout[0]);
        Assert.All(File.ReadLines(layout[0]), line => Assert.Equal(("en-fr", 3), (line.Split('\t')[0], line.Split('\t').Length)));
        Assert.True(File.Exists(Path.ChangeExtension(layout[0], "original")));
        CheckReport(whole);
        CheckOtherTasks(whole, [first, second]);
        CheckFiles(whole, literature);

        IEnumerable<string> Tables(StudyReport report) => StudyTables.Of(report, literature).Select(t => t.ToCsv());
    }

    private static void CheckReport(StudyReport report)
    {
        Assert.Equal([0, 1], report.Layers.Select(l => l.Layer));
        Assert.Equal(report.Candidates.Count, report.Layers.Sum(l => l.Recalled));
        Assert.Equal(2, report.Screened.GroupBy(s => s.Factor).Count());
        Assert.All(report.Readings, r => Assert.Equal(report.Layers.Count, r.ByLayer.Count));
        Assert.True(report.Readings[2].ByLayer.Sum() <= report.Readings[0].ByLayer.Sum());
        Assert.Equal(4, report.Measured.Count(m => m.Id is null)); // pairs
        Assert.All(report.Screened, s => Assert.InRange(s.Holm, s.P, 1));
        Assert.All(report.Screened, s => Assert.True(s.FalseDiscovery <= s.Holm + 1e-12));
        Assert.Equal(Math.Min(3, report.Screened.Count(s => s.Factor == 0 && s.BeyondControls.Value < 0)), report.Verified.Count(v => v.Latent.Group == VerifiedGroup.Best && v.Factor == 0));
        Assert.Equal(4 * 2, report.Power.Cases); // pairs from English × prompts
        Assert.DoesNotContain("NaN", CardFile.ToJson(report with { Power = report.Power with { Corrected = 0 } }));
        var json = CardFile.ToJson(report);
        Assert.Equal(json, CardFile.ToJson(CardFile.FromJson<StudyReport>(json)));
    }

    /// <summary>The rates on other tasks, from each prompt run alone.</summary>
    private static void CheckOtherTasks(StudyReport report, Sae[] saes)
    {
        var prompts = new SmallTask().OtherTasks(Small.DiscoverySentences * 3);
        Assert.Equal(9, prompts.Count);
        Assert.Contains(report.Candidates, c => c.OtherRate > 0);
        foreach (var candidate in report.Candidates)
            Assert.Equal(prompts.Count(p =>
            {
                using var run = TinyModel.Model.Run(p, Hook.ResidPost(candidate.Id.Layer));
                using var latents = saes[candidate.Id.Layer].Encode(run[Hook.ResidPost(candidate.Id.Layer)][0]);
                return latents[candidate.Id.Latent][^1] > 0;
            }) / 9.0, candidate.OtherRate!.Value, 1e-6);
        Assert.All(report.Candidates, c => Assert.Equal(c.OtherRate > 0 && c.OtherRate >= c.Found.LastRate / 2, c.IsFraming));
        Assert.All(report.Measured, m => Assert.True(m is { LengthRatio: > 0, Repeated: >= 0 and <= 1, Framed: >= 0 and <= 1 }));
    }

    private void CheckFiles(StudyReport report, Literature literature)
    {
        var folder = Path.Combine(_folder, "report");
        StudyFiles.Write(folder, report, literature);
        var html = File.ReadAllText(Path.Combine(folder, "report.html"));
        Assert.DoesNotContain("src=\"http", html);
        Assert.Contains("<svg", html);
        Assert.Contains("second-hand", html);
        Assert.Contains("en→ar 46.4 % to 77.1 %", html);
        Assert.Contains("73.62 / 19.15", File.ReadAllText(Path.Combine(folder, "README.md")));
        Assert.StartsWith(ConsistencyCsv.Header, File.ReadAllText(Directory.GetFiles(Path.Combine(folder, "consistency"))[0]));
        Assert.True(File.Exists(Path.Combine(folder, "tables", "verification.csv")));
    }

    [Fact]
    public void A_published_model_is_studied_on_parallel_sentences_and_landmarks_are_checked()
    {
        using var sae = TinyModel.RandomSae(1);
        var data = Path.Combine(Corpora.DataFolder, "parallel");
        var task = new ParallelTask([ParallelData.Read("en-zh", data), ParallelData.Read("en-ar", data)], PublishedPrompts.Load(Path.Combine(Corpora.DataFolder, "tasks")))
            { Generation = new() { MaxNewTokens = 3, RepetitionPenalty = 1.1 } };
        var literature = Literature.Load(Path.Combine(Corpora.DataFolder, "studies", "literature", "translation-switch.json"));
        // A landmark that this SAE has, beside those of the paper, whose layers it has not.
        var subject = new StudySubject("gemma-2-2b-it", TinyModel.Model, SaeSource.Of([sae]), task);
        subject = subject with { Landmarks = [.. subject.Landmarks, new(Hook.ResidPost(1), 7, "something", "nobody")] };
        var report = TranslationSwitchStudy.Run(subject, Small);
        Assert.Equal(["en→zh", "en→ar"], report.Plain.ByPair.Keys);
        Assert.Empty(report.Transfer);
        Assert.Equal([null, null, null, sae.Width], report.Landmarks.Select(l => l.LastRate is null ? (int?)null : sae.Width));
        Assert.InRange(report.Landmarks[3].LastRate!.Value, 0, 1);
        Assert.Contains("L12 #2291 of the literature: no SAE", string.Join("\n", StudyVerdict.Of(report)));
        Assert.Contains("landmarks", StudyTables.Of(report, literature).Select(t => t.Name));
    }

    [Fact]
    public void A_study_without_ablation_or_prompts_is_refused_before_anything_is_run()
    {
        using var sae = TinyModel.RandomSae(0);
        var subject = new StudySubject("untrained", TinyModel.Model, SaeSource.Of([sae]), new SmallTask());
        Assert.Contains("first factor must be 0", Assert.Throws<ArgumentException>(() => TranslationSwitchStudy.Run(subject, Small with { Screening = new() { Factors = [3] } })).Message);
        Assert.Contains("held-out prompts per pair, at least 1, and there are 0", Assert.Throws<ArgumentException>(() => TranslationSwitchStudy.Run(subject, Small with { PromptsPerPair = 0 })).Message);
    }

    [Fact]
    public void Tables_quote_what_commas_would_divide()
    {
        var table = new StudyTable("t", "Title", "Note", ["name", "value"], [["a, \"b\"", new SaeNotebooks.Translation.Measures.Estimate(1.5, 1, 2, 9)], ["c", null]]);
        Assert.Equal("name,value,value low,value high\n\"a, \"\"b\"\"\",1.5,1,2\nc,,,\n", table.ToCsv());
        Assert.Contains("| +1.500 [1.000, 2.000] |", table.ToMarkdown());
    }
}
