using SaeNotebooks.Display;
using SaeNotebooks.Figures;
using SaeNotebooks.Hooks;
using SaeNotebooks.Models;
using static TorchSharp.torch;

namespace SaeNotebooks.Steering;

/// <summary>A token's probability without and with an edit.</summary>
/// <param name="Token">the token</param>
/// <param name="Before">without</param>
/// <param name="After">with</param>
public readonly record struct TokenShift(Token Token, double Before, double After)
{
    /// <summary>After − Before.</summary>
    public double Change => After - Before;
}

/// <summary>What an edit does to the distribution of the token after a prompt.</summary>
/// <param name="Movers">the tokens whose probability changes most, the largest change first</param>
/// <param name="Before">the likeliest token without the edit</param>
/// <param name="After">the likeliest token with the edit</param>
/// <param name="Divergence">KL(before ‖ after), in nats</param>
/// <param name="TotalVariation">half the sum of all changes: the probability that moved, 0 to 1</param>
[TypeFormatterSource(typeof(FormatterSource), PreferredMimeTypes = [MimeTypes.Html, MimeTypes.Plotly, MimeTypes.Svg, MimeTypes.Text])]
public sealed record NextTokenShift(IReadOnlyList<TokenShift> Movers, TokenShift Before, TokenShift After, double Divergence, double TotalVariation) : IDisplayable
{
    /// <summary>Runs a prompt without and with edits.</summary>
    /// <param name="model">the model</param>
    /// <param name="prompt">token ids</param>
    /// <param name="edits">the edits</param>
    /// <param name="top">how many movers to keep</param>
    public static NextTokenShift Of(HookedTransformer model, IReadOnlyList<int> prompt, Edits edits, int top = 10)
    {
        if (top < 1 || top > model.Config.VocabSize) throw new ArgumentOutOfRangeException(nameof(top), top, $"The vocabulary has {model.Config.VocabSize} tokens.");
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        Tensor LogProbabilities(Edits some)
        {
            using var run = model.Run(new TokenBatch([prompt]), edits: some, logits: true);
            return run.Logits[0, -1].log_softmax(-1); // [vocab]
        }

        var (before, after) = (LogProbabilities(Edits.None), LogProbabilities(edits));
        var (p, q) = (before.exp(), after.exp());
        var moved = (q - p).abs();
        var (was, now) = (p.cpu().data<float>().ToArray(), q.cpu().data<float>().ToArray());
        TokenShift At(long id) => new(model.TokenOf((int)id), was[id], now[id]);
        return new([.. moved.topk(top).indexes.cpu().data<long>().ToArray().Select(At)], At(p.argmax().item<long>()), At(q.argmax().item<long>()),
            (p * (before - after)).sum().item<float>(), moved.sum().item<float>() / 2);
    }

    /// <summary>Runs a text without and with edits; it gets a BOS token where the tokenizer says so.</summary>
    /// <inheritdoc cref="Of(HookedTransformer, IReadOnlyList{int}, Edits, int)"/>
    public static NextTokenShift Of(HookedTransformer model, string prompt, Edits edits, int top = 10) => Of(model, model.Encode(prompt), edits, top);

    /// <summary>Bars of the movers' probabilities before and after.</summary>
    /// <param name="title">the finding; by default what the likeliest token was and is</param>
    public Figure ToFigure(string? title = null) => Chart.Bar(title ?? Headline, "token", "probability of coming next",
        Movers.Select(m => TokenStrip.Visible(m.Token.Text)), Bars("unedited", m => m.Before), Bars("edited", m => m.After))
        .WithLayout("xaxis.type", "category");

    /// <inheritdoc/>
    public string ToHtml() => ToFigure().ToHtml();

    /// <inheritdoc/>
    public string ToText() => Headline + "\n" + Show.Table(["token", "before", "after", "change"],
        Movers.Select(m => (IReadOnlyList<object?>)[TokenStrip.Visible(m.Token.Text), m.Before, m.After, m.Change])).ToText();

    /// <inheritdoc/>
    public string ToSvg() => ToFigure().ToSvg();

    /// <inheritdoc/>
    public string ToPlotlyJson() => ToFigure().ToPlotlyJson();

    /// <inheritdoc/>
    public override string ToString() => ToText();

    private Series Bars(string name, Func<TokenShift, double> height) => new(name, Values.Of(Movers.Select(height)));

    private string Headline => (Before.Token == After.Token ? $"'{TokenStrip.Visible(After.Token.Text)}' stays the likeliest"
        : $"'{TokenStrip.Visible(Before.Token.Text)}' gives way to '{TokenStrip.Visible(After.Token.Text)}'") + $": {TotalVariation:P0} of the probability moves, KL {Html.Number(Divergence)} nats";
}
