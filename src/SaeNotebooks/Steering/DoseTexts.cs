using SaeNotebooks.Display;
using SaeNotebooks.Generation;

namespace SaeNotebooks.Steering;

/// <summary>What a model writes at several doses of one edit. <see cref="Response"/> scores the texts by a rule, <see cref="Judging.SteeringScores.Of"/> by a judge.</summary>
/// <param name="Doses">the doses</param>
/// <param name="Texts">the texts, by dose</param>
[TypeFormatterSource(typeof(FormatterSource))]
public sealed record DoseTexts(IReadOnlyList<double> Doses, SteeredTexts Texts) : IDisplayable
{
    /// <summary>The text at one dose after one prompt.</summary>
    public GeneratedText this[int dose, int prompt] => Texts.Edited[dose].Texts[prompt];

    /// <summary>Scores every text, for example 1 if it is in the right language and 0 otherwise.</summary>
    /// <param name="name">what the score measures, with its unit</param>
    /// <param name="score">from the index of the prompt and the text</param>
    public DoseResponse Response(string name, Func<int, GeneratedText, double> score) => new(name, Doses,
        [.. Texts.Edited.Select(e => (IReadOnlyList<double>)[.. e.Texts.Select((text, prompt) => score(prompt, text))])],
        [.. Texts.Unedited.Select((text, prompt) => score(prompt, text))]);

    /// <inheritdoc/>
    public string ToHtml() => Texts.ToHtml();

    /// <inheritdoc/>
    public string ToText() => Texts.ToText();

    /// <inheritdoc/>
    public override string ToString() => ToText();
}
