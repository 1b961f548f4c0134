using System.Globalization;
using SaeNotebooks.Analysis;
using SaeNotebooks.Generation;
using SaeNotebooks.Hooks;
using SaeNotebooks.Models;

namespace SaeNotebooks.Steering;

/// <summary>One edit at several doses on several prompts, all of them together in batches: every prompt has its own dose.</summary>
/// <example><c>DoseSweep.Measure(model, prompts, [0, 1, 2, 4], dose => Steer.Multiply(sae, 476, dose), Metric.Logit(17))</c></example>
public static class DoseSweep
{
    /// <summary>Measures a metric at every dose, without generating.</summary>
    /// <param name="model">the model</param>
    /// <param name="prompts">the prompts</param>
    /// <param name="doses">the doses</param>
    /// <param name="edit">what is done with a dose; called once, with a dose for each prompt of the batch</param>
    /// <param name="metric">what is measured</param>
    /// <param name="cancellation">ends it with an exception</param>
    public static DoseResponse Measure(HookedTransformer model, TokenBatch prompts, IReadOnlyList<double> doses, Func<Dose, Edits> edit, Metric metric,
        CancellationToken cancellation = default)
    {
        var values = metric.Of(model, prompts.Repeat(doses.Count), edit(Each(doses, prompts.Prompts.Count)), cancellation);
        return new(metric.Name, doses, [.. values.Chunk(prompts.Prompts.Count)], metric.Of(model, prompts, cancellation: cancellation));
    }

    /// <summary>Generates at every dose.</summary>
    /// <inheritdoc cref="Measure"/>
    /// <param name="model">the model</param>
    /// <param name="prompts">the prompts</param>
    /// <param name="doses">the doses</param>
    /// <param name="edit">what is done with a dose; called once, with a dose for each prompt of the batch</param>
    /// <param name="options">how tokens are chosen and when it ends; greedy by default</param>
    /// <param name="cancellation">ends it with an exception</param>
    public static DoseTexts Generate(HookedTransformer model, IReadOnlyList<string> prompts, IReadOnlyList<double> doses, Func<Dose, Edits> edit,
        GenerationOptions? options = null, CancellationToken cancellation = default)
    {
        var edits = edit(Each(doses, prompts.Count));
        using var progress = Progress.Start("Generating at every dose", (doses.Count + 1) * prompts.Count, "texts", cancellation: cancellation);
        IReadOnlyList<int>[] ids = [.. prompts.Select(p => model.Encode(p))];
        IReadOnlyList<int>[] all = [.. ids, .. doses.SelectMany(_ => ids)]; // the first as they are
        var texts = model.GenerateAll(all, ids.Length, options ?? new(), edits.Part(ids.Length, all.Length - ids.Length), new SteeredTexts.Count(progress),
            progress.Cancellation).Chunk(ids.Length).ToArray();
        return new(doses, new(prompts, texts[0], [.. texts.Skip(1).Zip(doses, (some, dose) =>
            ($"dose {dose.ToString(CultureInfo.InvariantCulture)}", (IReadOnlyList<GeneratedText>)some))]));
    }

    private static Dose Each(IReadOnlyList<double> doses, int prompts) => doses.Count > 0 && prompts > 0
        ? Dose.Each(doses.SelectMany(dose => Enumerable.Repeat(dose, prompts)))
        : throw new ArgumentException($"A sweep needs doses and prompts; there are {doses.Count} doses and {prompts} prompts.", nameof(doses));
}
