using SaeNotebooks.Hooks;
using SaeNotebooks.Models;
using SaeNotebooks.Saes;
using SaeNotebooks.Training.Embedded;
using SaeNotebooks.Training.Tasks;
using SaeNotebooks.Translation.Evaluation;

namespace SaeNotebooks.Translation.SaeQuality;

/// <summary>Measures SAEs of a model of the corpus.</summary>
public sealed class SaeEvaluation
{
    private readonly HookedTransformer _model;
    private readonly SaeEvaluationOptions _options;
    private readonly CancellationToken _cancel;
    private readonly IReadOnlyList<LabelledDocument> _documents;
    private readonly IReadOnlyList<float[]> _clean;

    private SaeEvaluation(HookedTransformer model, EmbeddedCorpus corpus, SaeEvaluationOptions options, CancellationToken cancel)
    {
        (_model, _options, _cancel) = (model, options, cancel);
        var tokenizer = model.Tokenizer ?? throw new ArgumentException("The model has no tokenizer.json, and the documents are text.", nameof(model));
        _documents = [.. Enumerable.Range(0, options.Documents).Select(i => LabelledDocument.Of(corpus.Documents[options.FirstDocument + i], tokenizer))];
        _clean = Losses(Edits.None);
    }

    /// <summary>Measures SAEs one after the other on the same documents.</summary>
    /// <param name="model">the model whose activations they read</param>
    /// <param name="corpus">the documents</param>
    /// <param name="saes">the SAEs</param>
    /// <param name="options">how much is measured</param>
    /// <param name="progress">told what is being measured</param>
    /// <param name="cancel">ends it with an exception</param>
    /// <returns>one card per SAE, in their order</returns>
    public static IReadOnlyList<SaeCard> Run(HookedTransformer model, EmbeddedCorpus corpus, IReadOnlyList<Sae> saes, SaeEvaluationOptions? options = null,
        IProgress<string>? progress = null, CancellationToken cancel = default)
    {
        var evaluation = new SaeEvaluation(model, corpus, options ?? new(), cancel);
        return [.. saes.Select(sae =>
        {
            progress?.Report(sae.ToString());
            return evaluation.Measure(sae);
        })];
    }

    private SaeCard Measure(Sae sae)
    {
        var firing = Firing.Of(_model, sae, [.. _documents.Select(d => d.Ids)], _cancel);
        var spliced = Losses(Edit.Custom(sae.Config.Hook, (x, _) => sae.Reconstruct(x), Positions.AllButBos));
        var zero = Losses(Edit.Ablate(sae.Config.Hook, Positions.AllButBos));
        return new(sae.Config.Hook.ToString(), sae.Width, sae.Activation.Architecture, firing.Tokens, firing.L0, firing.ExplainedVariance,
            Recovered(spliced, zero, _ => true), Recovered(spliced, zero, role => role == Role.Answer),
            firing.Counts.Count(c => c == 0) / (double)sae.Width, Density(firing),
            [
                Namability.Score("language", ByLanguage(firing), _options),
                Namability.Score("task", ByTask(firing), _options),
                Namability.Score("concept", ByConcept(firing), _options),
            ]);
    }

    private IReadOnlyList<float[]> Losses(Edits edits) => NextTokenLoss.Of(_model, [.. _documents.Select(d => d.Ids)], edits, _cancel);

    private RecoveredLoss Recovered(IReadOnlyList<float[]> spliced, IReadOnlyList<float[]> zero, Func<Role, bool> counts)
    {
        double clean = 0, withSae = 0, without = 0;
        var tokens = 0;
        foreach (var (d, document) in _documents.Index())
            for (var i = 1; i < document.Ids.Length; i++)
            {
                if (!counts(document.Roles[i])) continue;
                (clean, withSae, without) = (clean + _clean[d][i - 1], withSae + spliced[d][i - 1], without + zero[d][i - 1]);
                tokens++;
            }
        return new(clean / tokens, withSae / tokens, without / tokens, tokens);
    }

    /// <summary>Bins half a decade wide, from the rarest latent that fired up to 1.</summary>
    private static List<DensityBin> Density(Firing firing)
    {
        var bins = firing.Counts.Where(c => c > 0).CountBy(c => Math.Min(-1, (int)Math.Floor(2 * Math.Log10(c / (double)firing.Tokens)))).ToDictionary();
        return bins.Count == 0 ? [] : [.. Enumerable.Range(bins.Keys.Min(), -bins.Keys.Min()).Select(b => new DensityBin(b / 2.0, (b + 1) / 2.0, bins.GetValueOrDefault(b)))];
    }

    private Observations ByLanguage(Firing firing)
    {
        var sentences = _documents.Index().SelectMany(d => d.Item.Sentences.Select(s => (Document: d.Index, s.First, s.Count, s.Language))).ToList();
        var tokens = sentences.Index().SelectMany(s => Enumerable.Range(s.Item.First, s.Item.Count).Select(i => (Unit: s.Index, Active: firing[s.Item.Document, i]))).ToList();
        return new([.. tokens.Select(t => t.Active)], [.. tokens.Select(t => t.Unit)], [.. sentences.Select(s => s.Language.ToString())]);
    }

    private Observations ByTask(Firing firing)
    {
        var prompts = _documents.Index().Where(d => d.Item.Task is not null).ToList();
        return new([.. prompts.Select(p => firing[p.Index, p.Item.Break])], [.. Enumerable.Range(0, prompts.Count)], [.. prompts.Select(p => p.Item.Task.ToString())]);
    }

    private Observations ByConcept(Firing firing)
    {
        var words = _documents.Index().SelectMany(d => d.Item.WordEnds.Select(w => (Active: firing[d.Index, w.Token], w.Concept))).ToList();
        return new([.. words.Select(w => w.Active)], [.. Enumerable.Range(0, words.Count)], [.. words.Select(w => w.Concept)]);
    }
}
