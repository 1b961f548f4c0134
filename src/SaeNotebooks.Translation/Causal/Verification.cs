using SaeNotebooks.Hooks;
using SaeNotebooks.Models;
using SaeNotebooks.Translation.Discovery;
using SaeNotebooks.Translation.Measures;
using SaeNotebooks.Translation.Measures.Testing;
using SaeNotebooks.Translation.Study;

namespace SaeNotebooks.Translation.Causal;

/// <summary>Answers to a list of prompts, judged; all lists are by prompt.</summary>
/// <param name="OffTask">whether the answer is something else than a translation</param>
/// <param name="Quality">0 to 100</param>
/// <param name="Kinds">what became of it</param>
/// <param name="Texts">the answers</param>
public sealed record AnswerSet(IReadOnlyList<bool> OffTask, IReadOnlyList<double> Quality, IReadOnlyList<string> Kinds, IReadOnlyList<string> Texts)
{
    /// <summary>Generates and judges.</summary>
    internal static AnswerSet Of(HookedTransformer model, ITranslationTask task, IReadOnlyList<TranslationPrompt> prompts, Edits? edits, CancellationToken cancel)
    {
        var generated = model.GenerateAll([.. prompts.Select(p => p.Text)], task.Generation, edits, cancellation: cancel);
        List<Judgement> judged = [.. prompts.Zip(generated, task.Judge)];
        return new([.. judged.Select(j => j.OffTask)], [.. judged.Select(j => j.Quality)], [.. judged.Select(j => j.Kind)], [.. judged.Select(j => j.Text)]);
    }
}

/// <summary>Why a latent was taken to generation.</summary>
public enum VerifiedGroup
{
    /// <summary>Among the best of screening.</summary>
    Best,

    /// <summary>A random latent that fires as often as one of the best, and writes as much.</summary>
    Control,

    /// <summary>Drawn from the recalled latents of its ρ group, whatever its effect.</summary>
    RhoSample,
}

/// <summary>A latent that is taken to generation.</summary>
/// <param name="Id">which</param>
/// <param name="Group">why</param>
/// <param name="Bin">its group by ρ, if it was recalled</param>
/// <param name="ControlOf">the latent that a control is matched with</param>
public sealed record LatentToVerify(LatentId Id, VerifiedGroup Group, RhoBin? Bin, LatentId? ControlOf);

/// <summary>What a latent did to generations, paired with the unedited ones.</summary>
/// <param name="Latent">which, and why it was taken</param>
/// <param name="Factor">by which it is multiplied</param>
/// <param name="OffTask">change of the off-task rate</param>
/// <param name="Quality">change of the quality, points of 100</param>
/// <param name="QualityBeyondControl">the same beyond its matched random latent; null of controls and samples</param>
/// <param name="POffTask">McNemar's test</param>
/// <param name="PQuality">sign-flip test</param>
/// <param name="Holm">the smaller of both tests, doubled, and corrected for all latents and factors generated (Holm)</param>
/// <param name="FalseDiscovery">likewise (Benjamini and Hochberg)</param>
/// <param name="QualityByPair">change of the quality by language pair</param>
/// <param name="OffTaskByPair">change of the off-task rate by language pair</param>
/// <param name="QualityByWording">change of the quality by wording</param>
public sealed record VerifiedLatent(LatentToVerify Latent, double Factor, Estimate OffTask, Estimate Quality, Estimate? QualityBeyondControl, double POffTask, double PQuality,
    double Holm, double FalseDiscovery, IReadOnlyDictionary<string, Estimate> QualityByPair, IReadOnlyDictionary<string, Estimate> OffTaskByPair,
    IReadOnlyDictionary<string, Estimate> QualityByWording);

/// <summary>The latents of one ρ group together, each drawn whatever its effect.</summary>
/// <param name="Bin">the group</param>
/// <param name="Factor">by which latents are multiplied</param>
/// <param name="Latents">how many</param>
/// <param name="OffTask">mean change of the off-task rate, over latents and prompts</param>
/// <param name="Quality">mean change of the quality</param>
public sealed record RhoBinEffect(RhoBin Bin, double Factor, int Latents, Estimate OffTask, Estimate Quality);

/// <summary>Compares answers with and without interventions.</summary>
internal static class VerificationAnalysis
{
    public static IReadOnlyList<VerifiedLatent> Compare(IReadOnlyList<TranslationPrompt> prompts, AnswerSet plain, IReadOnlyList<(LatentToVerify Latent, double Factor, AnswerSet Answers)> edited)
    {
        var rows = edited.Select(e => One(prompts, plain, e, edited)).ToList();
        // Two tests of each, so the smaller counts twice.
        List<double> p = [.. rows.Select(r => Math.Min(1, 2 * Math.Min(r.POffTask, r.PQuality)))];
        var (holm, fdr) = (MultipleTests.Holm(p), MultipleTests.BenjaminiHochberg(p));
        return [.. rows.Select((r, i) => r with { Holm = holm[i], FalseDiscovery = fdr[i] })];
    }

    public static IReadOnlyList<RhoBinEffect> ByBin(AnswerSet plain, IReadOnlyList<(LatentToVerify Latent, double Factor, AnswerSet Answers)> edited) =>
    [
        .. from e in edited
           where e.Latent is { Group: VerifiedGroup.RhoSample, Bin: not null }
           group e.Answers by (e.Latent.Bin!.Value, e.Factor) into g
           orderby g.Key
           let all = g.ToList()
           // Prompts are the cases: latents of one group share them.
           select new RhoBinEffect(g.Key.Value, g.Key.Factor, all.Count, Bootstrap.Mean(Mean(all, a => Change(plain.OffTask, a.OffTask))), Bootstrap.Mean(Mean(all, a => Change(plain.Quality, a.Quality)))),
    ];

    public static List<double> Change(IReadOnlyList<bool> before, IReadOnlyList<bool> after) => [.. before.Zip(after, (b, a) => (a ? 1.0 : 0) - (b ? 1.0 : 0))];

    public static List<double> Change(IReadOnlyList<double> before, IReadOnlyList<double> after) => [.. before.Zip(after, (b, a) => a - b)];

    private static VerifiedLatent One(IReadOnlyList<TranslationPrompt> prompts, AnswerSet plain, (LatentToVerify Latent, double Factor, AnswerSet Answers) edited,
        IReadOnlyList<(LatentToVerify Latent, double Factor, AnswerSet Answers)> all)
    {
        List<double> offTask = Change(plain.OffTask, edited.Answers.OffTask), quality = Change(plain.Quality, edited.Answers.Quality);
        var control = all.Where(e => e.Latent.ControlOf == edited.Latent.Id && e.Factor == edited.Factor && edited.Latent.Group == VerifiedGroup.Best).Select(e => e.Answers).FirstOrDefault();
        IReadOnlyDictionary<string, Estimate> Grouped(List<double> values, Func<TranslationPrompt, string> by) =>
            prompts.Index().GroupBy(p => by(p.Item), p => values[p.Index]).ToDictionary(g => g.Key, g => Bootstrap.Mean([.. g]));
        return new(edited.Latent, edited.Factor, Bootstrap.Mean(offTask), Bootstrap.Mean(quality),
            control is null ? null : Bootstrap.Mean(Change(control.Quality, edited.Answers.Quality)),
            PairedTests.McNemar(plain.OffTask, edited.Answers.OffTask), PairedTests.SignFlip(quality), 1, 1,
            Grouped(quality, p => p.Setting.Pair), Grouped(offTask, p => p.Setting.Pair), Grouped(quality, p => p.Wording));
    }

    private static List<double> Mean(List<AnswerSet> sets, Func<AnswerSet, List<double>> of)
    {
        var each = sets.Select(of).ToList();
        return [.. Enumerable.Range(0, each[0].Count).Select(i => each.Average(e => e[i]))];
    }
}
