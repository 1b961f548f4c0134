using SaeNotebooks.Display;
using SaeNotebooks.Figures;
using SaeNotebooks.Hooks;
using SaeNotebooks.Models;
using static TorchSharp.torch;

namespace SaeNotebooks.Analysis;

/// <summary>A token and how likely it is.</summary>
/// <param name="Token">the token</param>
/// <param name="Probability">between 0 and 1</param>
public readonly record struct TokenProbability(Token Token, double Probability);

/// <summary>What each layer's residual stream would predict if it were the last (nostalgebraist 2020).</summary>
/// <param name="Tokens">the prompt</param>
/// <param name="Predictions">[layer][pos], the likeliest next tokens, the first the likeliest</param>
[TypeFormatterSource(typeof(FormatterSource), PreferredMimeTypes = [MimeTypes.Html, MimeTypes.Plotly, MimeTypes.Svg, MimeTypes.Text])]
public sealed record LogitLens(IReadOnlyList<Token> Tokens, IReadOnlyList<IReadOnlyList<IReadOnlyList<TokenProbability>>> Predictions) : IDisplayable
{
    /// <summary>The likeliest next tokens after a position according to a layer.</summary>
    public IReadOnlyList<TokenProbability> this[int layer, int position] => Predictions[layer][position];

    /// <summary>Runs a prompt and reads every layer through the final norm and the unembedding. One layer's logits are in memory at a
    /// time.</summary>
    /// <param name="model">the model</param>
    /// <param name="prompt">token ids</param>
    /// <param name="top">how many tokens to keep of each prediction</param>
    /// <param name="edits">changes to make on the way</param>
    public static LogitLens Of(HookedTransformer model, IReadOnlyList<int> prompt, int top = 5, Edits? edits = null)
    {
        if (top < 1 || top > model.Config.VocabSize) throw new ArgumentOutOfRangeException(nameof(top), top,
            $"The vocabulary has {model.Config.VocabSize} tokens.");
        var layers = model.Config.NLayers;
        using var run = model.Run(new TokenBatch([prompt]), HookSet.EachLayer(layers, Hook.ResidPost), edits);
        return new LogitLens(run.Tokens, [.. Enumerable.Range(0, layers).Select(layer => Layer(model, run[Hook.ResidPost(layer)], top))]);
    }

    /// <summary>The likeliest next token after each position according to each layer, coloured by its probability.</summary>
    /// <param name="title">the finding; by default what is shown</param>
    public Figure ToFigure(string? title = null) => Chart.Heatmap(title ?? $"Logit lens: the likeliest next token by layer, over {Tokens.Count} tokens", "token", "layer",
        Grid.Of(Predictions.Select(layer => layer.Select(p => p[0].Probability))), columns: Tokens.Select(t => TokenStrip.Visible(t.Text)),
        text: Predictions.Select(layer => layer.Select(p => TokenStrip.Visible(p[0].Token.Text))), valueTitle: "probability");

    /// <inheritdoc/>
    public string ToHtml() => ToFigure().ToHtml();

    /// <inheritdoc/>
    public string ToText() => Show.Table(["layer", .. Tokens.Select(t => TokenStrip.Visible(t.Text))],
        Predictions.Select((layer, i) => (IReadOnlyList<object?>)[i, .. layer.Select(p => TokenStrip.Visible(p[0].Token.Text))])).ToText();

    /// <inheritdoc/>
    public string ToSvg() => ToFigure().ToSvg();

    /// <inheritdoc/>
    public string ToPlotlyJson() => ToFigure().ToPlotlyJson();

    /// <inheritdoc/>
    public override string ToString() => ToText();

    private static IReadOnlyList<IReadOnlyList<TokenProbability>> Layer(HookedTransformer model, Tensor residual, int top)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var (values, ids) = model.Unembed(residual[0]).softmax(-1).cpu().topk(top, -1); // [pos, top]
        var (probabilities, tokens) = (values.data<float>().ToArray(), ids.data<long>().ToArray());
        return [.. tokens.Zip(probabilities, (id, p) => new TokenProbability(model.TokenOf((int)id), p)).Chunk(top)];
    }
}
