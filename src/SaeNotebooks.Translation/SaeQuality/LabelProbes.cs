using SaeNotebooks.Models;
using SaeNotebooks.Saes;
using SaeNotebooks.Training.Embedded;
using SaeNotebooks.Training.Evaluation;
using static TorchSharp.torch;

namespace SaeNotebooks.Translation.SaeQuality;

/// <summary>How well few latents tell one label of the corpus, and how often the main one is silent where it should fire.</summary>
/// <param name="Kind">language, task or concept</param>
/// <param name="Label">the label</param>
/// <param name="Probe">sparse probing against a probe on the whole activation</param>
/// <param name="Absorption">of the latent that tells it best</param>
public sealed record LabelProbe(string Kind, string Label, ProbeScore Probe, AbsorptionScore Absorption);

/// <summary>Sparse probing and feature absorption on documents of the corpus, whose language, tasks and nouns are known.</summary>
public static class LabelProbes
{
    private const int MostTokens = 6000, MostConcepts = 6, LeastPerHalf = 8;

    /// <summary>Probes every language and task, and the most frequent nouns. BOS is left out.</summary>
    /// <param name="model">the model whose activations the SAE reads</param>
    /// <param name="corpus">the documents</param>
    /// <param name="sae">the SAE</param>
    /// <param name="documents">how many documents</param>
    /// <param name="k">latents per probe</param>
    /// <param name="cancellation">looked at before every batch</param>
    public static IReadOnlyList<LabelProbe> Run(HookedTransformer model, EmbeddedCorpus corpus, Sae sae, int documents = 400, int k = 1, CancellationToken cancellation = default)
    {
        var tokenizer = model.Tokenizer ?? throw new ArgumentException("The model has no tokenizer.json, and the documents are text.", nameof(model));
        var first = new SaeEvaluationOptions().FirstDocument;
        return Of(model, sae, [.. Enumerable.Range(0, documents).Select(i => LabelledDocument.Of(corpus.Documents[first + i], tokenizer))], k, cancellation);
    }

    internal static IReadOnlyList<LabelProbe> Of(HookedTransformer model, Sae sae, IReadOnlyList<LabelledDocument> texts, int k, CancellationToken cancellation)
    {
        return
        [
            .. Probe("language", texts.Index().SelectMany(d => d.Item.Sentences.SelectMany(s =>
                Enumerable.Range(s.First, s.Count).Select(i => new Place(d.Index, i, s.Language.ToString()))))),
            .. Probe("task", texts.Index().Where(d => d.Item.Task is not null).Select(d => new Place(d.Index, d.Item.Break, d.Item.Task.ToString()))),
            .. Probe("concept", texts.Index().SelectMany(d => d.Item.WordEnds.Select(w => new Place(d.Index, w.Token, w.Concept)))),
        ];

        IEnumerable<LabelProbe> Probe(string kind, IEnumerable<Place> places)
        {
            Place[] all = [.. places];
            Place[] some = [.. all.Where((_, i) => i % (1 + all.Length / MostTokens) == 0)];
            using var x = Activations(model, sae, [.. texts.Select(t => t.Ids)], some, cancellation);
            var labels = some.Select(p => p.Label).OfType<string>().CountBy(l => l).OrderByDescending(l => l.Value).Select(l => l.Key).Where(l => IsFrequent(l, some));
            List<LabelProbe> probes = [];
            foreach (var label in kind == "concept" ? labels.Take(MostConcepts) : labels)
            {
                var tokens = new LabelledTokens(x, [.. some.Select(p => p.Label == label)], [.. some.Select(p => p.Document)]);
                probes.Add(new(kind, label, SparseProbing.Measure(sae, tokens, k), FeatureAbsorption.Measure(sae, tokens, k)));
            }
            return probes;
        }
    }

    /// <summary>Whether both halves, trained on and tested on, have enough tokens with the label and without.</summary>
    private static bool IsFrequent(string label, Place[] places) => Enumerable.Range(0, 2).All(half =>
    {
        var here = places.Where(p => p.Document % 2 == half).ToList();
        var with = here.Count(p => p.Label == label);
        return Math.Min(with, here.Count - with) >= LeastPerHalf;
    });

    private sealed record Place(int Document, int Position, string? Label);

    /// <summary>[places, d_in], in the order of the places.</summary>
    private static Tensor Activations(HookedTransformer model, Sae sae, IReadOnlyList<IReadOnlyList<int>> documents, Place[] places, CancellationToken cancellation)
    {
        var wanted = places.Index().ToLookup(p => (p.Item.Document, p.Item.Position), p => p.Index);
        var x = zeros(places.Length, sae.InputWidth);
        EncodingPass.Run(model, sae, documents, TokenPolicy.Default, batch =>
        {
            foreach (var (token, place) in batch.Places.Index())
                foreach (var at in wanted[place]) x[at].copy_(batch.Input[token]);
        }, cancellation);
        return x;
    }
}
