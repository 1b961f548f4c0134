using SaeNotebooks.Display;
using SaeNotebooks.Figures;
using SaeNotebooks.Hooks;
using SaeNotebooks.Models;
using static TorchSharp.torch;

namespace SaeNotebooks.Analysis;

/// <summary>What one component contributed to a logit.</summary>
/// <param name="Component">the embedding, an attention layer or an MLP</param>
/// <param name="Logit">its share, in logits</param>
public readonly record struct ComponentLogit(HookName Component, double Logit);

/// <summary>
/// Direct logit attribution: the residual stream is a sum, and with the final norm's scale held at its value the logit is linear in it,
/// so the logit is a sum over components too.
/// </summary>
/// <param name="Components">shares in the order of evaluation</param>
/// <param name="Bias">share of the biases of final norm and unembedding; 0 where there are none</param>
/// <param name="Logit">the logit, or difference of logits, that the model itself computed, before any soft cap</param>
[TypeFormatterSource(typeof(FormatterSource), PreferredMimeTypes = [MimeTypes.Html, MimeTypes.Plotly, MimeTypes.Svg, MimeTypes.Text])]
public sealed record LogitAttribution(IReadOnlyList<ComponentLogit> Components, double Bias, double Logit) : IDisplayable
{
    /// <summary>The sum of all shares: <see cref="Logit"/>, up to rounding.</summary>
    public double Total => Components.Sum(c => c.Logit) + Bias;

    /// <summary>Attributes the logit of a token, or how far it is ahead of another.</summary>
    /// <param name="model">the model</param>
    /// <param name="prompt">token ids</param>
    /// <param name="token">the token whose logit is taken apart</param>
    /// <param name="minus">subtracts the logit of this token</param>
    /// <param name="position">where the logit is read; from the end if negative</param>
    public static LogitAttribution Of(HookedTransformer model, IReadOnlyList<int> prompt, int token, int? minus = null, int position = -1)
    {
        foreach (var id in new[] { token, minus ?? 0 })
            if ((uint)id >= (uint)model.Config.VocabSize)
                throw new ArgumentOutOfRangeException(nameof(token), id, $"Token ids run from 0 to {model.Config.VocabSize - 1}.");
        var column = position < 0 ? prompt.Count + position : position;
        if (column < 0 || column >= prompt.Count) throw new ArgumentOutOfRangeException(nameof(position), position,
            $"The prompt has {prompt.Count} tokens.");

        using var _ = no_grad();
        using var scope = NewDisposeScope();
        using var parts = ResidualDecomposition.Of(model, new TokenBatch([prompt]));
        var (norm, unembedding) = (model.Head.Norm, model.Head.Unembedding);
        var final = parts.Final[0, column];
        var direction = Difference(unembedding.Weight, token, minus); // [d_model]
        var shares = norm.Frozen(parts.Stack().select(1, column), norm.Scale(final)).mv(direction); // [component]
        var logits = model.Head.Uncapped(norm.Apply(final).to(model.Dtype)).cpu().data<float>().ToArray();
        return new LogitAttribution(
            [.. parts.Components.Zip(shares.cpu().data<float>().ToArray(), (c, share) => new ComponentLogit(c, share))],
            (unembedding.Bias is { } bias ? Difference(bias, token, minus).item<float>() : 0)
                + (norm.Bias is { } normBias ? normBias.dot(direction).item<float>() : 0),
            logits[token] - (minus is { } other ? logits[other] : 0));
    }

    /// <summary>The share of each component, and of the biases if there are any.</summary>
    /// <param name="title">the finding; by default the logit and what the shares add up to</param>
    public Figure ToFigure(string? title = null) => Chart.Bar(title ?? $"Direct logit attribution: a logit of {Html.Number(Logit)} from {Components.Count} components", "component",
        "share (logits)", Shares.Select(s => s.Name), new Series("share", Values.Of(Shares.Select(s => s.Logit))));

    /// <inheritdoc/>
    public string ToHtml() => ToFigure().ToHtml();

    /// <inheritdoc/>
    public string ToText() => Show.Table(["component", "share (logits)"], Shares.Select(s => (IReadOnlyList<object?>)[s.Name, s.Logit])).ToText();

    /// <inheritdoc/>
    public string ToSvg() => ToFigure().ToSvg();

    /// <inheritdoc/>
    public string ToPlotlyJson() => ToFigure().ToPlotlyJson();

    /// <inheritdoc/>
    public override string ToString() => ToText();

    private IEnumerable<(string Name, double Logit)> Shares =>
        Components.Select(c => (c.Component.ToString(), c.Logit)).Concat(Bias == 0 ? [] : [("biases", Bias)]);

    /// <summary>Row of the token less row of the other, in float32.</summary>
    private static Tensor Difference(Tensor weight, int token, int? minus)
    {
        var direction = weight[token].to(ScalarType.Float32);
        return minus is { } other ? direction - weight[other].to(ScalarType.Float32) : direction;
    }
}
