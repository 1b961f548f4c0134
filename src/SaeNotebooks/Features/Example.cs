using SaeNotebooks.Display;
using SaeNotebooks.Figures;
using SaeNotebooks.Models;

namespace SaeNotebooks.Features;

/// <summary>How much of a text is shown around a token; never beyond the sequence that the model read.</summary>
/// <param name="Before">tokens before it</param>
/// <param name="After">tokens after it</param>
public readonly record struct ContextWindow(int Before, int After)
{
    /// <summary>16 tokens before and 8 after.</summary>
    public static ContextWindow Default { get; } = new(16, 8);

    /// <summary>The whole sequence.</summary>
    public static ContextWindow Whole { get; } = new(int.MaxValue, int.MaxValue);
}

/// <summary>A token of the corpus in its context, with an activation for each token shown.</summary>
/// <param name="Place">of the token in the corpus</param>
/// <param name="Sequence">the sequence that it stands in</param>
/// <param name="Position">where in the sequence</param>
/// <param name="Tokens">the context</param>
/// <param name="Activations">one for each token of the context; 0 where silent</param>
/// <param name="Focus">which of the tokens shown it is</param>
/// <param name="Labels">the token's labels, one for each kind of the corpus, or null</param>
public sealed record Example(long Place, int Sequence, int Position, IReadOnlyList<Token> Tokens, IReadOnlyList<float> Activations, int Focus, IReadOnlyList<string?> Labels)
{
    /// <summary>The activation at the token.</summary>
    public float Activation => Activations[Focus];

    /// <summary>The context as tokens coloured by activation.</summary>
    public TokenStrip Strip() => new([.. Tokens.Select(t => t.Text)], [.. Activations.Select(a => (double)a)], Scale.Sequential);
}

/// <summary>Examples from one part of a latent's range.</summary>
/// <param name="From">activations above this</param>
/// <param name="To">and up to this</param>
/// <param name="Count">firings in the part</param>
/// <param name="Share">of all its firings</param>
/// <param name="Examples">drawn at random from the part, strongest first</param>
public sealed record ExampleBand(float From, float To, long Count, double Share, IReadOnlyList<Example> Examples);
