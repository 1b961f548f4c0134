using System.Globalization;
using SaeNotebooks.Training.Corpus;
using SaeNotebooks.Translation.Evaluation;

namespace SaeNotebooks.Translation.Switch;

/// <summary>A switch report for people.</summary>
public static class SwitchMarkdown
{
    /// <summary>Tables under second-level headings, without a title.</summary>
    public static string Render(SwitchReport report) => string.Join('\n', [Patching(report), .. Latents(report)]);

    private static string Patching(SwitchReport report)
    {
        var kinds = report.Patching.Select(p => (p.Donor, p.Receiver)).Distinct().ToList();
        var rows = report.Patching.GroupBy(p => p.Layer).OrderBy(g => g.Key).Select(layer => (IReadOnlyList<string>)
        [
            layer.Key.ToString(CultureInfo.InvariantCulture),
            .. kinds.Select(k => layer.FirstOrDefault(p => (p.Donor, p.Receiver) == k)?.Flipped.Percent ?? "–"),
        ]);
        return string.Join('\n',
            "## Patching the residual stream at the last prompt token\n",
            "Both prompts hold the same source sentence. Share of answers that carry out the donor's task, of the cases in which the donor "
                + "alone does and the receiver alone does not; 95 % bootstrap intervals. After the last layer, a patch decides the first answer token "
                + "and nothing else.\n",
            MarkdownTable.Of(["Layer", .. kinds.Select(k => $"{k.Donor} → {k.Receiver} (n = {CountOf(report, k)})")], rows));
    }

    private static int CountOf(SwitchReport report, (Training.Tasks.TaskKind, Training.Tasks.TaskKind) kind) =>
        report.Patching.First(p => (p.Donor, p.Receiver) == kind).Flipped.Count;

    private static IEnumerable<string> Latents(SwitchReport report)
    {
        if (report.Ablation is not { } ablation || report.Amplification is not { } amplification) yield break;
        yield return "## Latents by layer\n";
        yield return $"The {report.Options.Chosen} latents with the largest effects one by one, together, at the last token of {report.Options.SelectionPrompts} selection prompts. "
            + $"A latent's *effect* is what the first {report.Options.FirstTokens} tokens of the translation lose in log-probability when it is ablated on translation prompts, "
            + "plus what they gain when it is raised, on repeat and continue prompts about the same sentences, to its mean on translations into that language. "
            + "*Translated*: repeat and continue prompts that are answered by a translation when the latents are raised so.\n";
        yield return MarkdownTable.Of(["Layer", "ablated: rise of the off-task rate, points", "raised: translated", "latents"], report.Layers.Select(l =>
            (string[])[l.Layer.ToString(CultureInfo.InvariantCulture), l.OffTaskRise.Points, l.Flipped.Percent, string.Join(", ", l.Latents)]));
        yield return $"## The chosen latents of layer {ablation.Layer}\n";
        yield return MarkdownTable.Of(["Latent", "fires on translations", "on others", "norm", "effect", .. Languages.All.Select(l => $"mean into {l.Code()}")],
            report.Latents.Select(l => (string[])
            [
                l.Latent.ToString(CultureInfo.InvariantCulture), Number(l.TranslationRate), Number(l.OtherRate), Number(l.Norm), Number(l.Effect),
                .. Languages.All.Select(t => Number(l.MeanByTarget[t])),
            ]));
        yield return $"**Ablated** on {ablation.Before.Count} fresh translation prompts: off task {ablation.Before.Percent} → {ablation.After.Percent}, "
            + $"{ablation.Rise.Points} points. Matched random latents:\n";
        yield return Controls(ablation.Controls);
        if (report.Insertion is { } insertion)
        {
            yield return $"**Raised** on {insertion.Flipped.Count} fresh repeat and continue prompts: {insertion.Flipped.Percent} are answered by a translation. Matched random latents:\n";
            yield return Controls(insertion.Controls);
        }
        yield return $"**Amplified** ({Rule(amplification)}) on {amplification.Before.Count} fresh prompts in held-out wordings: off task {amplification.Before.Percent} → "
            + $"{amplification.After.Percent}, {amplification.Change.Points} points; set-exact {amplification.RightChange.Points} points. Matched random latents:\n";
        yield return Controls(amplification.Controls);
    }

    private static string Rule(AmplificationResult result)
    {
        var factor = result.Factor.ToString(CultureInfo.InvariantCulture);
        return result.Rule switch
        {
            AmplificationRule.Multiply => $"activation × {factor}",
            AmplificationRule.AddMean => $"plus {factor} × the mean on translations into the target language",
            _ => $"raised to {factor} × the mean on translations into the target language",
        };
    }

    private static string Controls(IReadOnlyList<ControlDraw> draws) => MarkdownTable.Of(["Draw", "fires on translations", "norm", "change, points"],
        draws.Select(d => (string[])[string.Join(", ", d.Latents), Number(d.TranslationRate), Number(d.Norm), d.Change.Points]));

    private static string Number(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);
}
