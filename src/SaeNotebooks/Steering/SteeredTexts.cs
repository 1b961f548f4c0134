using SaeNotebooks.Controls;
using SaeNotebooks.Display;
using SaeNotebooks.Generation;
using SaeNotebooks.Hooks;
using SaeNotebooks.Models;

namespace SaeNotebooks.Steering;

/// <summary>Edits under a name, for comparisons: <c>("doubled", Steer.Multiply(sae, 476, 2))</c>.</summary>
/// <param name="Label">what it is called</param>
/// <param name="Edits">what is changed</param>
public sealed record LabelledEdits(string Label, Edits Edits)
{
    /// <summary>A name and one edit.</summary>
    public static implicit operator LabelledEdits((string Label, Edit Edit) pair) => new(pair.Label, pair.Edit);

    /// <summary>A name and a list of edits.</summary>
    public static implicit operator LabelledEdits((string Label, Edits Edits) pair) => new(pair.Label, pair.Edits);
}

/// <summary>What a model writes after some prompts without and with edits; shows itself with the differences marked.</summary>
/// <param name="Prompts">the prompts</param>
/// <param name="Unedited">what the model writes by itself, one text for each prompt</param>
/// <param name="Edited">by edit, one text for each prompt</param>
[TypeFormatterSource(typeof(FormatterSource))]
public sealed record SteeredTexts(IReadOnlyList<string> Prompts, IReadOnlyList<GeneratedText> Unedited,
    IReadOnlyList<(string Label, IReadOnlyList<GeneratedText> Texts)> Edited) : IDisplayable
{
    /// <summary>Generates without edits and then with each of them.</summary>
    /// <param name="model">the model</param>
    /// <param name="prompts">the prompts</param>
    /// <param name="edits">what is compared with the unedited model</param>
    /// <param name="options">how tokens are chosen and when it ends; greedy by default</param>
    /// <param name="cancellation">ends the generation with an exception</param>
    public static SteeredTexts Generate(HookedTransformer model, IReadOnlyList<string> prompts, IReadOnlyList<LabelledEdits> edits,
        GenerationOptions? options = null, CancellationToken cancellation = default)
    {
        using var progress = Progress.Start("Generating with and without edits", (edits.Count + 1) * prompts.Count, "texts", cancellation: cancellation);
        var texts = model.GenerateEach(prompts, [Edits.None, .. edits.Select(e => e.Edits)], options, new Count(progress), progress.Cancellation);
        return new(prompts, texts[0], [.. edits.Zip(texts.Skip(1), (e, some) => (e.Label, some))]);
    }

    /// <summary>What the model writes after a prompt under an edit that a person chooses below the cell, beside what it writes unedited; the text grows
    /// token by token, and a newer choice ends it.</summary>
    /// <example><code>
    /// SteeredTexts.Explore(model, prompt, (latent, by) => Steer.Multiply(sae, latent, by), LatentControl.Of(index, 476), Control.Slider("by", 0.0, 6.0, start: 3))
    /// </code></example>
    /// <param name="model">the model</param>
    /// <param name="prompt">the prompt</param>
    /// <param name="edit">the change for the values chosen, for example of latent and coefficient</param>
    /// <param name="control">what chooses the first value</param>
    /// <param name="second">what chooses the second value</param>
    /// <param name="options">how tokens are chosen and when it ends; greedy by default</param>
    /// <returns>null where the notebook shows it already; elsewhere a value that shows itself</returns>
    /// <exception cref="ArgumentException">prompt and new tokens together exceed the context</exception>
    public static IDisplayable? Explore<T1, T2>(HookedTransformer model, string prompt, Func<T1, T2, Edit> edit, Control<T1> control, Control<T2> second,
        GenerationOptions? options = null) where T1 : notnull where T2 : notnull
    {
        var unedited = new LabelledText("unedited", model.Generate(prompt, options).Text);
        return Interactive.Stream((T1 first, T2 other, LiveOutput output) =>
        {
            var label = $"{control.Name} {control.TextOf(first)}, {second.Name} {second.TextOf(other)}";
            void Show(string text) => output.Show(new SideBySide(unedited, new(label, text)));
            var growing = "";
            Show(growing);
            Show(model.Generate(prompt, options, [edit(first, other)], token => Show(growing += token.Text)).Text);
        }, control, second);
    }

    /// <summary>The texts after one prompt, with the words marked that the unedited model does not write.</summary>
    public TextComparison this[int prompt] => new(Prompts[prompt], ("unedited", Unedited[prompt].Text),
        [.. Edited.Select(e => new LabelledText(e.Label, e.Texts[prompt].Text))]);

    /// <inheritdoc/>
    public string ToHtml() => string.Join("<br>", Enumerable.Range(0, Prompts.Count).Select(p => this[p].ToHtml()));

    /// <inheritdoc/>
    public string ToText() => string.Join("\n\n", Enumerable.Range(0, Prompts.Count).Select(p => this[p].ToText()));

    /// <inheritdoc/>
    public override string ToString() => ToText();

    /// <summary>Shows what a generation reports.</summary>
    internal sealed class Count(Progress progress) : IProgress<int>
    {
        public void Report(int value) => progress.Report(value);
    }
}
