namespace SaeNotebooks.Features.Interpretation;

/// <summary>How well somebody who knows only an explanation tells where a latent is active.</summary>
/// <param name="Method">detection or fuzzing</param>
/// <param name="Sensitivity">share of the texts that should be picked that are; NaN if none was judged</param>
/// <param name="Specificity">share of the others that are not; NaN if none was judged</param>
/// <param name="Judged">texts with a verdict</param>
/// <param name="Unread">texts whose verdict could not be read, twice; they count nowhere</param>
public sealed record ExplanationScore(string Method, double Sensitivity, double Specificity, int Judged, int Unread)
{
    /// <summary>Mean of sensitivity and specificity: 0.5 by guessing, whatever the shares of the two kinds.</summary>
    public double BalancedAccuracy => (Sensitivity + Specificity) / 2;

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant(
        $"{Method}: balanced accuracy {BalancedAccuracy:0.00} (sensitivity {Sensitivity:0.00}, specificity {Specificity:0.00}) on {Judged} texts") +
        (Unread > 0 ? $"; {Unread} verdicts could not be read" : "");
}
