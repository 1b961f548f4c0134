using SaeNotebooks.Hooks;
using SaeNotebooks.Saes;
using SaeNotebooks.Steering;
using SaeNotebooks.Training.Tasks;
using SaeNotebooks.Translation.Evaluation;
using SaeNotebooks.Translation.Measures;
using static TorchSharp.torch;

namespace SaeNotebooks.Translation.Switch;

/// <summary>What ablating and amplifying chosen latents at the last prompt token does on fresh prompts, against matched random latents.</summary>
internal sealed class LatentEffects(Examiner examiner, SwitchPrompts prompts, Sae sae, PromptEndStatistics statistics, CancellationToken cancel)
{
    private static readonly (AmplificationRule Rule, double Factor)[] Strengths =
    [
        (AmplificationRule.Multiply, 1.5), (AmplificationRule.Multiply, 2), (AmplificationRule.Multiply, 3), (AmplificationRule.Multiply, 5),
        (AmplificationRule.AddMean, 0.5), (AmplificationRule.AddMean, 1), (AmplificationRule.AddMean, 2), (AmplificationRule.AddMean, 4),
        (AmplificationRule.AtLeast, 1), (AmplificationRule.AtLeast, 1.5), (AmplificationRule.AtLeast, 2), (AmplificationRule.AtLeast, 3),
    ];

    private int Layer => sae.Config.Hook.Layer;

    /// <summary>Ablates on fresh prompts in wordings of training.</summary>
    public AblationResult Ablate(IReadOnlyList<int> latents, IReadOnlyList<IReadOnlyList<int>> controls)
    {
        var rate = new OffTaskRate(examiner, prompts.Test(), cancel);
        var after = rate.With(Ablation(sae, latents));
        return new(Layer, rate.Before, OffTaskRate.Rate(after), rate.Change(after), after.CountBy(a => a.Outcome).OrderBy(o => o.Key).ToDictionary(),
            [.. controls.Select(c => Control(c, rate.Change(rate.With(Ablation(sae, c)))))]);
    }

    /// <summary>Raises on fresh prompts of other tasks.</summary>
    public InsertionResult Insert(IReadOnlyList<int> latents, IReadOnlyList<IReadOnlyList<int>> controls)
    {
        var donors = prompts.Test();
        var insertion = new Insertion(examiner, donors, prompts.Receivers(donors, part: 2), cancel);
        return new(Layer, insertion.Flipped(sae, statistics, latents), [.. controls.Select(c => Control(c, insertion.Flipped(sae, statistics, c)))]);
    }

    /// <summary>Chooses rule and factor on one half of the held-out wordings and measures them on the other.</summary>
    public AmplificationResult Amplify(IReadOnlyList<int> latents, IReadOnlyList<IReadOnlyList<int>> controls)
    {
        var selection = new OffTaskRate(examiner, prompts.HeldSelection(), cancel);
        var tried = Strengths.Select(s => new AmplificationTrial(s.Rule, s.Factor,
            OffTaskRate.Rate(Amplified(selection, latents, s.Rule, s.Factor)))).ToList();
        var best = tried.MinBy(t => t.OffTask.Value)!;

        var rate = new OffTaskRate(examiner, prompts.HeldTest(), cancel);
        var after = Amplified(rate, latents, best.Rule, best.Factor);
        return new(Layer, best.Rule, best.Factor, rate.Before, OffTaskRate.Rate(after), rate.Change(after), rate.RightChange(after),
            [.. controls.Select(c => Control(c, rate.Change(Amplified(rate, c, best.Rule, best.Factor))))], tried);
    }

    /// <summary>The edit that ablates latents at the last prompt token.</summary>
    public static Edit Ablation(Sae sae, IReadOnlyList<int> latents) => Steer.Ablate(sae, latents, Positions.Last);

    private IReadOnlyList<JudgedAnswer> Amplified(OffTaskRate rate, IReadOnlyList<int> latents, AmplificationRule rule, double factor)
    {
        if (rule == AmplificationRule.Multiply) return rate.With(Steer.Multiply(sae, latents, factor, Positions.Last));
        using var moves = rule == AmplificationRule.AddMean ? MeanMoves(rate.Prompts, latents, factor)
            : Raising.Moves(examiner.Model, sae, statistics, [.. rate.Prompts.Select(d => (d, d.Target))], latents, factor, cancel);
        using var written = Raising.Written(sae, moves, latents);
        return rate.With(LastTokens.Add(sae.Config.Hook, written, Positions.Last));
    }

    /// <summary>[prompts, latents]: factor · m(target).</summary>
    private Tensor MeanMoves(IReadOnlyList<Document> documents, IReadOnlyList<int> latents, double factor) => tensor(
        [.. documents.SelectMany(d => latents.Select(j => (float)factor * statistics.Mean(j, d.Target)))], [documents.Count, latents.Count], device: sae.Decoder.device);

    private ControlDraw Control(IReadOnlyList<int> latents, Estimate change) =>
        new(latents, latents.Average(j => statistics.Translation.Rates[j]), latents.Average(j => statistics.Translation.Norms[j]), change);
}
