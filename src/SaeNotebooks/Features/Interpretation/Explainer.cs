using System.Text;
using System.Text.RegularExpressions;
using SaeNotebooks.Tokenization.Chats;

namespace SaeNotebooks.Features.Interpretation;

/// <summary>Asks a language model what the examples on which a latent is active have in common (Bills et al. 2023; Paulo et al. 2024).</summary>
public static partial class Explainer
{
    private const int Longest = 300; // characters of an explanation

    private const string Task = """
        You are given excerpts of text on which one unit of a neural network is active. The tokens on which it is active stand between << and >>, and
        below each excerpt they are listed with their strength, from 1 (weak) to 10 (the strongest seen). ↵ is a line break.
        Say what makes the unit active: a word or part of a word, a grammatical form, a language, a topic, a place in a document, or what comes next.
        Look at the marked tokens first and at the text before them second. The excerpts are from the whole range of strengths: an explanation that
        fits only the strongest is wrong. If they have nothing in common, say so. Do not list the excerpts and do not speak of marks or strengths.
        End with one line of at most 25 words that begins with EXPLANATION:
        """;

    /// <summary>The prompt for a latent.</summary>
    /// <param name="examples">examples on which it is active, at least one</param>
    /// <param name="promoted">tokens that it makes more likely, best first; empty if that is not to be said</param>
    /// <exception cref="ArgumentException">there is no example, or the latent is silent on one</exception>
    public static Chat Prompt(IReadOnlyList<Example> examples, IReadOnlyList<string>? promoted = null)
    {
        if (examples.Count == 0) throw new ArgumentException("An explanation needs examples on which the latent is active; there is none.", nameof(examples));
        if (examples.FirstOrDefault(e => e.Activations.Max() <= 0) is { } silent)
            throw new ArgumentException($"The latent is silent on the example at position {silent.Position} of sequence {silent.Sequence}; give examples on which it is active.", nameof(examples));
        var max = examples.Max(e => e.Activations.Max());
        var text = new StringBuilder();
        foreach (var (i, example) in examples.Index())
            text.Append($"Excerpt {i + 1}: {MarkedText.Marked(example)}\nActive: {MarkedText.Strengths(example, max)}\n\n");
        if (promoted is { Count: > 0 })
            text.Append($"When it is active, the network finds these next tokens more likely: {string.Join(", ", promoted.Select(t => $"\"{t}\""))}\n");
        return new Chat().System(Task).User(text.ToString().TrimEnd());
    }

    /// <summary>Explains a latent in a line.</summary>
    /// <param name="model">who explains</param>
    /// <param name="examples">examples on which the latent is active</param>
    /// <param name="promoted">tokens that it makes more likely</param>
    /// <param name="cancellation">gives up</param>
    /// <exception cref="LanguageModelException">the model cannot be asked, or does not answer with an explanation</exception>
    public static async Task<string> Explain(ILanguageModel model, IReadOnlyList<Example> examples, IReadOnlyList<string>? promoted = null, CancellationToken cancellation = default) =>
        Read(await model.Answer(Prompt(examples, promoted), cancellation: cancellation), model);

    /// <summary>The line that was asked for: the last of its kind, without what some models put around it.</summary>
    internal static string Read(string answer, ILanguageModel model)
    {
        var isBare = !answer.Trim().Contains('\n') && !answer.Contains("EXPLANATION", StringComparison.OrdinalIgnoreCase);
        var explanation = (Line().Matches(answer).LastOrDefault()?.Groups["text"].Value ?? (isBare ? answer : "")).Trim().Trim('*', '`', ' ').Trim();
        if (explanation is ['"', .. var quoted, '"'] && !quoted.Contains('"')) explanation = quoted;
        return explanation.Length is > 0 and <= Longest ? explanation
            : throw new LanguageModelException(LanguageModelProblem.BadAnswer,
                $"{model.Name} ended with no line 'EXPLANATION: …' of up to {Longest} characters, as it was asked to; it answered {answer.Length} characters. Ask again, or another model.");
    }

    [GeneratedRegex(@"^\W*EXPLANATION\W{0,3}:\W{0,3}?(?<text>.*\S)\s*$", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex Line();
}
