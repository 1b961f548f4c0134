using SaeNotebooks.Display;
using SaeNotebooks.Hooks;
using SaeNotebooks.Models;
using static TorchSharp.torch;

namespace SaeNotebooks.Steering;

/// <summary>What an edit costs on a text: how much worse each token is predicted, and how far the predictions move. Element i is about token
/// i + 1, for the first is not predicted.</summary>
/// <param name="Tokens">the text</param>
/// <param name="Before">−ln p without the edit, in nats</param>
/// <param name="After">−ln p with the edit, in nats</param>
/// <param name="Divergences">KL(before ‖ after) of the whole prediction, in nats</param>
[TypeFormatterSource(typeof(FormatterSource))]
public sealed record EditCost(IReadOnlyList<Token> Tokens, IReadOnlyList<double> Before, IReadOnlyList<double> After, IReadOnlyList<double> Divergences) : IDisplayable
{
    /// <summary>Mean cross-entropy without the edit, in nats per token.</summary>
    public double LossBefore => Before.Average();

    /// <summary>Mean cross-entropy with the edit, in nats per token.</summary>
    public double LossAfter => After.Average();

    /// <summary>Mean KL(before ‖ after), in nats per token.</summary>
    public double Divergence => Divergences.Average();

    /// <summary>Measures texts, in batches of similar length. All tokens of a text count as its prompt.</summary>
    /// <param name="model">the model</param>
    /// <param name="texts">token ids, at least two in each</param>
    /// <param name="edits">the edits</param>
    /// <param name="cancellation">ends it with an exception</param>
    /// <returns>one for each text, in their order</returns>
    public static IReadOnlyList<EditCost> OfAll(HookedTransformer model, IReadOnlyList<IReadOnlyList<int>> texts, Edits edits, CancellationToken cancellation = default) =>
        OfEach(model, texts, [edits], cancellation)[0];

    /// <summary>Measures several edits on the same texts, as so many calls of <see cref="OfAll"/> do; the unedited model runs once for all of them.</summary>
    /// <inheritdoc cref="OfAll"/>
    /// <param name="model">the model</param>
    /// <param name="texts">token ids, at least two in each</param>
    /// <param name="edits">what is compared</param>
    /// <param name="cancellation">ends it with an exception</param>
    /// <returns>by edit, one for each text</returns>
    public static IReadOnlyList<IReadOnlyList<EditCost>> OfEach(HookedTransformer model, IReadOnlyList<IReadOnlyList<int>> texts, IReadOnlyList<Edits> edits,
        CancellationToken cancellation = default)
    {
        for (var i = 0; i < texts.Count; i++)
            if (texts[i].Count < 2) throw new ArgumentException($"Text {i} has {texts[i].Count} tokens; at least two are needed, for the first is not predicted.", nameof(texts));
        EditCost[][] costs = [.. edits.Select(_ => new EditCost[texts.Count])];
        using var progress = Progress.Start("Measuring what edits cost", texts.Count * edits.Count, "texts", cancellation: cancellation);
        var done = 0;
        foreach (var batch in new TokenBatch(texts).Split(Analysis.Metric.TokensPerPass(model) / 4)) // logits, and log-probabilities twice
        {
            using var quiet = no_grad();
            using var plain = model.Run(batch, logits: true, cancellation: progress.Cancellation);
            foreach (var (some, byText) in edits.Zip(costs))
            {
                using var scope = NewDisposeScope();
                using var edited = model.Run(batch, edits: some, logits: true, cancellation: progress.Cancellation);
                foreach (var (row, text) in batch.Indices.Index()) byText[text] = Of(plain.TokensOf(row), plain.Logits[row], edited.Logits[row]);
                progress.Report(done += batch.Prompts.Count);
            }
        }
        return costs;
    }

    /// <summary>Measures one text; it gets a BOS token where the tokenizer says so.</summary>
    /// <inheritdoc cref="OfAll"/>
    public static EditCost Of(HookedTransformer model, string text, Edits edits) => OfAll(model, [model.Encode(text)], edits)[0];

    /// <summary>The text coloured by how much worse each token is predicted with the edit.</summary>
    public TokenStrip Strip() => Show.Tokens(Tokens.Select(t => t.Text), Figures.Values.Of([0, .. After.Zip(Before, (a, b) => a - b)]), Figures.Scale.Diverging);

    /// <inheritdoc/>
    public string ToHtml() => $"<div>{Html.Encode(Headline)}</div>{Strip().ToHtml()}";

    /// <inheritdoc/>
    public string ToText() => Headline;

    /// <inheritdoc/>
    public override string ToString() => ToText();

    private string Headline =>
        $"cross-entropy {Html.Number(LossBefore)} → {Html.Number(LossAfter)} nats per token ({Html.Number(LossAfter - LossBefore)}), KL {Html.Number(Divergence)} nats per token, {Before.Count} tokens";

    /// <param name="tokens">the text</param>
    /// <param name="plain">[pos, vocab]; padding may follow the text</param>
    /// <param name="edited">[pos, vocab]</param>
    private static EditCost Of(IReadOnlyList<Token> tokens, Tensor plain, Tensor edited)
    {
        using var scope = NewDisposeScope();
        var next = tensor([.. tokens.Skip(1).Select(t => (long)t.Id)], device: plain.device).unsqueeze(1);
        Tensor Predictions(Tensor logits) => logits.narrow(0, 0, tokens.Count - 1).log_softmax(-1);
        double[] Loss(Tensor predictions) => Doubles(predictions.gather(1, next).squeeze(1).neg());
        var (before, after) = (Predictions(plain), Predictions(edited));
        return new(tokens, Loss(before), Loss(after), Doubles((before.exp() * (before - after)).sum(-1)));
    }

    private static double[] Doubles(Tensor values) => [.. values.cpu().data<float>().ToArray().Select(v => (double)v)];
}
