namespace SaeNotebooks.Features.Interpretation;

/// <summary>What a latent stands for, in words, and how well the words tell where it fires.</summary>
/// <param name="Latent">which</param>
/// <param name="Text">the words</param>
/// <param name="Source">who found them: <see cref="Lexical"/>, or the name of a language model</param>
/// <param name="Firings">tokens of the corpus on which it fires</param>
/// <param name="Scores">on examples that the words were not made from; none if it fires too rarely</param>
public sealed record LatentLabel(int Latent, string Text, string Source, long Firings, IReadOnlyList<LabelScore> Scores)
{
    /// <summary>The source of labels that the built-in baseline found.</summary>
    public const string Lexical = "lexical";

    /// <summary>The first score's balanced accuracy, by which labels are ranked; null without a score.</summary>
    public double? BalancedAccuracy => Scores is [var first, ..] ? first.BalancedAccuracy : null;

    /// <inheritdoc/>
    public override string ToString() => Scores.Count == 0 ? $"{Latent}: {Text}" : $"{Latent}: {Text} ({string.Join(", ", Scores)})";
}

/// <summary>A label's score.</summary>
/// <param name="Method">lexical, detection or fuzzing</param>
/// <param name="BalancedAccuracy">mean of the share of firings that the label tells and of the share of silent tokens or texts; 0.5 by guessing</param>
/// <param name="Control">the same for firings moved to other text, where the method has such a control</param>
public sealed record LabelScore(string Method, double BalancedAccuracy, double? Control = null)
{
    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Method} {BalancedAccuracy:0.00}") + (Control is { } c ? FormattableString.Invariant($", shuffled {c:0.00}") : "");
}
