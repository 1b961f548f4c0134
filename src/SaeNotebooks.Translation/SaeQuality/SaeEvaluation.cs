using SaeNotebooks.Hooks;
using SaeNotebooks.Models;
using SaeNotebooks.Saes;
using SaeNotebooks.Training.Embedded;
using SaeNotebooks.Training.Evaluation;
using SaeNotebooks.Training.Tasks;
using static TorchSharp.torch;

namespace SaeNotebooks.Translation.SaeQuality;

/// <summary>Measures SAEs of a model of the corpus.</summary>
public sealed class SaeEvaluation
{
    private readonly HookedTransformer _model;
    private readonly SaeEvaluationOptions _options;
    private readonly CancellationToken _cancel;
    private readonly IReadOnlyList<LabelledDocument> _documents;

    private SaeEvaluation(HookedTransformer model, EmbeddedCorpus corpus, SaeEvaluationOptions options, CancellationToken cancel)
    {
        (_model, _options, _cancel) = (model, options, cancel);
        var tokenizer = model.Tokenizer ?? throw new ArgumentException("The model has no tokenizer.json, and the documents are text.", nameof(model));
        _documents = [.. Enumerable.Range(0, options.Documents).Select(i => LabelledDocument.Of(corpus.Documents[options.FirstDocument + i], tokenizer))];
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
        IReadOnlyList<int>[] ids = [.. _documents.Select(d => d.Ids)];
        var firing = Firing.Of(_model, sae, ids, _cancel);
        using var mean = tensor([.. firing.Tally.Mean.Select(m => (float)m)]);
        var losses = SplicedLosses.Of(_model, sae, ids, mean, Positions.AllButBos, cancellation: _cancel);
        var reconstruction = firing.Tally.Result();
        return new(sae.Config.Hook.ToString(), sae.Width, sae.Activation.Architecture, (int)reconstruction.Tokens, reconstruction.L0, reconstruction.ExplainedVariance,
            Recovered(losses, _ => true), Recovered(losses, role => role == Role.Answer), reconstruction.Dead, reconstruction.Density,
            [
                Namability.Score("language", ByLanguage(firing), _options),
                Namability.Score("task", ByTask(firing), _options),
                Namability.Score("concept", ByConcept(firing), _options),
            ],
            LabelProbes.Of(_model, sae, [.. _documents.Take(_options.ProbedDocuments)], k: 1, _cancel));
    }

    private RecoveredLoss Recovered(SplicedLosses losses, Func<Role, bool> counts)
    {
        var over = losses.Over((document, token) => counts(_documents[document].Roles[token]));
        return new(over.Clean, over.Spliced, over.Zero, over.Tokens);
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
