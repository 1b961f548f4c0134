using SaeNotebooks.Training.Corpus;
using SaeNotebooks.Translation.Causal;
using SaeNotebooks.Translation.Discovery;
using SaeNotebooks.Translation.Measures;
using SaeNotebooks.Translation.Measures.Testing;

namespace SaeNotebooks.Translation.Study;

/// <summary>
/// The study of <i>Finding the Translation Switch</i> (Wu et al. 2026) with what its replication calls for (Nguyen et al. 2026): candidates by recall and
/// consistency, a causal test of every candidate against matched random latents, languages one by one, and prompts that were held out.
/// </summary>
public static class TranslationSwitchStudy
{
    // A latent recurs if it is recalled in this share of settings.
    private const double RecurrentShare = 0.8;

    /// <summary>Runs all stages.</summary>
    /// <param name="subject">model, SAEs and task</param>
    /// <param name="options">how much is measured</param>
    /// <param name="cacheFolder">where finished parts are kept; a second run goes on from them. Answers are there too, as the authors' code lays them
    /// out. Null keeps nothing</param>
    /// <param name="cancel">ends it with an exception; what is finished stays in the cache</param>
    /// <exception cref="ArgumentException">the factors lack 0, without which nothing is ablated</exception>
    public static StudyReport Run(StudySubject subject, StudyOptions? options = null, string? cacheFolder = null, CancellationToken cancel = default)
    {
        options ??= new();
        options.Check();
        var stages = new StudyStages(subject, options, new StudyCache(cacheFolder, subject.Digest()), cancel);
        var found = stages.Discover();
        var readings = stages.Readings();
        var downstream = stages.Downstream(found);
        var elsewhere = stages.OnOtherTasks(found);
        var recalled = stages.Recur();
        var screened = stages.Screen(found);
        var recurrence = Recurrence.Of([.. recalled.Select(r => (r.Setting, r.Latents))]);
        var ranked = ScreeningAnalysis.Rank(found, screened, options.Screening.Factors);
        var (plain, edited) = stages.Generate(ToVerify(found, screened, ranked, options));
        if (cacheFolder is not null) AnswerFiles.Write(Path.Combine(cacheFolder, "answers"), subject.Name, stages.Test, plain, edited);
        var verified = VerificationAnalysis.Compare(stages.Test, plain, edited);
        var screenedIds = ranked.Select(r => r.Id).ToHashSet();
        return new(subject.Name, subject.Task.Name, subject.Task.QualityName, subject.Task.Base, options, Positions(found, options), readings, [.. found.Select(Summary)],
            Candidates(found, downstream, elsewhere, recurrence), recalled.Count, ScreeningAnalysis.Fit(screened), ranked,
            ScreeningAnalysis.ByLanguage([.. recurrence.Where(r => r.Settings >= RecurrentShare * recalled.Count && screenedIds.Contains(r.Id))], screened, stages.ScreeningSettings),
            Plain(stages.Test, plain), MeasuredAnswers.Of(stages.Test, plain, edited), verified, VerificationAnalysis.ByBin(plain, edited), Transfer(stages, subject, verified, options), PowerOf(plain, edited),
            Landmarks(subject, found, ranked));
    }

    /// <summary>In how many samples each watched position exists.</summary>
    private static Dictionary<string, int> Positions(IReadOnlyList<LayerDiscovery> found, StudyOptions options) =>
        options.Recall.Positions.Positions.Zip(found[0].Samples).ToDictionary(p => p.First.ToString(), p => p.Second);

    private static LayerSummary Summary(LayerDiscovery layer)
    {
        var bins = layer.Latents.CountBy(l => ScreeningAnalysis.BinOf(l.Consistency.Rho)).ToDictionary();
        return new(layer.Layer, layer.Width, layer.Latents.Count, bins.GetValueOrDefault(RhoBin.Low), bins.GetValueOrDefault(RhoBin.Middle), bins.GetValueOrDefault(RhoBin.High));
    }

    private static IReadOnlyList<Candidate> Candidates(IReadOnlyList<LayerDiscovery> found, IReadOnlyDictionary<int, IReadOnlyDictionary<int, Consistency>> downstream,
        IReadOnlyDictionary<int, IReadOnlyDictionary<int, double>> elsewhere, IReadOnlyList<RecurrentLatent> recurrence)
    {
        var settings = recurrence.ToDictionary(r => r.Id, r => r.Settings);
        return
        [
            .. from layer in found
               from latent in layer.Latents
               let id = new LatentId(layer.Layer, latent.Latent)
               select new Candidate(id, latent, downstream[layer.Layer][latent.Latent], settings.GetValueOrDefault(id), elsewhere[layer.Layer][latent.Latent]),
        ];
    }

    /// <summary>The best of screening, a matched random latent for each, and some of each ρ group whatever their effect.</summary>
    private static List<LatentToVerify> ToVerify(IReadOnlyList<LayerDiscovery> found, IReadOnlyList<LayerScreening> screened, IReadOnlyList<ScreenedLatent> ranked, StudyOptions options)
    {
        var bins = found.SelectMany(f => f.Latents.Select(l => (Id: new LatentId(f.Layer, l.Latent), Bin: ScreeningAnalysis.BinOf(l.Consistency.Rho)))).ToDictionary(l => l.Id, l => l.Bin);
        RhoBin? BinOf(LatentId id) => bins.TryGetValue(id, out var bin) ? bin : null;
        var ablated = ranked.Where(r => r.Factor == 0);
        List<LatentId> best = [.. (options.Full ? ablated : ablated.Where(r => r.BeyondControls.Value < 0).Take(options.Best)).Select(r => r.Id)];
        var controls = from id in best
                       from control in screened.First(s => s.Layer == id.Layer).Controls[id.Latent].Take(1)
                       select new LatentToVerify(new(id.Layer, control), VerifiedGroup.Control, null, id);
        var rng = new Rng(options.Seed + 2);
        var samples = bins.GroupBy(b => b.Value).OrderBy(g => g.Key).SelectMany(g => g.Select(b => b.Key).Order().OrderBy(_ => rng.NextBits()).Take(options.RhoSample));
        return [.. best.Select(id => new LatentToVerify(id, VerifiedGroup.Best, BinOf(id), null)), .. controls, .. samples.Select(id => new LatentToVerify(id, VerifiedGroup.RhoSample, BinOf(id), null))];
    }

    private static PlainAnswers Plain(IReadOnlyList<TranslationPrompt> prompts, AnswerSet plain) => new(Bootstrap.Share(plain.OffTask), Bootstrap.Mean(plain.Quality),
        prompts.Index().GroupBy(p => p.Item.Setting.Pair, p => p.Index).ToDictionary(g => g.Key,
            g => new PairAnswers(Bootstrap.Share(g.Select(i => plain.OffTask[i])), Bootstrap.Mean([.. g.Select(i => plain.Quality[i])]))),
        plain.Kinds.CountBy(k => k).OrderByDescending(k => k.Value).ToDictionary());

    private static List<TransferEffect> Transfer(StudyStages stages, StudySubject subject, IReadOnlyList<VerifiedLatent> verified, StudyOptions options)
    {
        if (options.TransferPrompts == 0) return [];
        var best = verified.Where(v => v.Latent.Group == VerifiedGroup.Best && v.Factor == 0).OrderBy(v => v.Quality.Value).Take(options.TransferLatents).Select(v => v.Latent).ToList();
        List<LatentToVerify> latents = [.. best, .. verified.Where(v => v.Factor == 0 && best.Any(b => b.Id == v.Latent.ControlOf)).Select(v => v.Latent)];
        return
        [
            .. from kind in subject.Task.Transfer(options.TransferPrompts).Index()
               let answers = stages.Transfer(kind.Index, kind.Item, latents)
               from e in VerificationAnalysis.Compare(kind.Item.Prompts, answers.Plain, answers.Edited)
               where e.Latent.Group == VerifiedGroup.Best
               select new TransferEffect(kind.Item.Name, e.Latent.Id, e.Factor, Bootstrap.Share(answers.Plain.OffTask), e.OffTask, e.Quality, e.QualityBeyondControl),
        ];
    }

    private static TestPower PowerOf(AnswerSet plain, IReadOnlyList<(LatentToVerify Latent, double Factor, AnswerSet Answers)> edited)
    {
        var against = edited.Where(e => e.Latent.Group == VerifiedGroup.Control).Select(e => VerificationAnalysis.Change(plain.OffTask, e.Answers.OffTask))
            .Select(c => Math.Min(c.Count(x => x > 0), c.Count(x => x < 0)) / (double)c.Count).Order().ToList();
        var noise = against.Count == 0 ? 0 : against[against.Count / 2];
        return new(plain.OffTask.Count, edited.Count, noise, Power.DetectableChange(plain.OffTask.Count, 0.05, noise), Power.DetectableChange(plain.OffTask.Count, 0.05 / edited.Count, noise));
    }

    private static List<LandmarkCheck> Landmarks(StudySubject subject, IReadOnlyList<LayerDiscovery> found, IReadOnlyList<ScreenedLatent> ranked) =>
    [
        .. from landmark in subject.Landmarks
           let layer = found.FirstOrDefault(f => f.Layer == landmark.Hook.Layer && landmark.Latent < f.Width)
           let place = ranked.Where(r => r.Factor == 0).Index().FirstOrDefault(r => r.Item.Id == new LatentId(landmark.Hook.Layer, landmark.Latent), (-1, null!))
           select new LandmarkCheck(landmark, layer?.Firing.Rates[landmark.Latent], layer?.Latents.Any(l => l.Latent == landmark.Latent) ?? false, place.Item?.Effect, place.Index < 0 ? null : place.Index + 1),
    ];
}
