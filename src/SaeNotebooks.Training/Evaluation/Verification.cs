namespace SaeNotebooks.Training.Evaluation;

/// <summary>A published figure beside the one measured here.</summary>
/// <param name="Measure">what it is</param>
/// <param name="Measured">here</param>
/// <param name="Published">there; null if it was not published</param>
/// <param name="Tolerance">by how much the two may differ: other text makes that much of a difference</param>
public sealed record VerifiedFigure(string Measure, double Measured, double? Published, double Tolerance)
{
    /// <summary>Whether they agree; null if there is nothing to compare with.</summary>
    public bool? Agrees => Published is { } published ? Math.Abs(Measured - published) <= Tolerance : null;
}

/// <summary>Compares a measurement with published figures.</summary>
public static class Verification
{
    /// <summary>Relative tolerance of L0, and absolute ones of shares and of losses in nats.</summary>
    private const double CountTolerance = 0.15, ShareTolerance = 0.03, LossTolerance = 0.1;

    /// <summary>What was measured, each with its published value where there is one; of what nobody publishes, without.</summary>
    public static IReadOnlyList<VerifiedFigure> Compare(SaeReport report, PublishedFigures? published)
    {
        var loss = published is { AllPredictions: true } ? report.AllLoss : report.Loss;
        return
        [
            new("L0", report.Reconstruction.L0, published?.L0, CountTolerance * (published?.L0 ?? 0)),
            new("FVE", report.Reconstruction.ExplainedVariance, published?.Fve, ShareTolerance),
            Unpublished("L1", report.Reconstruction.L1),
            Unpublished("MSE", report.Reconstruction.MeanSquaredError),
            Unpublished("cosine", report.Reconstruction.Cosine),
            Unpublished("L2 ratio", report.Reconstruction.NormRatio),
            Unpublished("relative reconstruction bias", report.Reconstruction.RelativeBias),
            new("CE clean (nats)", loss.Clean, published?.CleanLoss, LossTolerance),
            new("CE spliced (nats)", loss.Spliced, published?.SplicedLoss, LossTolerance),
            new("CE zero-ablated (nats)", loss.Zero, null, LossTolerance),
            new("CE mean-ablated (nats)", loss.Mean, null, LossTolerance),
            new("CE recovered (zero)", loss.RecoveredFromZero, published?.Recovered, ShareTolerance),
            new("CE recovered (mean)", loss.RecoveredFromMean, null, ShareTolerance),
            new("KL (nats)", loss.Divergence, null, LossTolerance),
            new("dead", report.Reconstruction.Dead, published?.Dead, ShareTolerance),
            Unpublished("decoder: mean cosine with the nearest other", report.Decoder.MeanNearest),
        ];

        static VerifiedFigure Unpublished(string measure, double value) => new(measure, value, null, 0);
    }

    /// <summary>One line: whether the figures agree, and which do not.</summary>
    public static string Verdict(IReadOnlyList<VerifiedFigure> figures)
    {
        var compared = figures.Where(f => f.Agrees is not null).ToList();
        var apart = compared.Where(f => f.Agrees == false).Select(f => FormattableString.Invariant($"{f.Measure} is {f.Measured:G4}, published {f.Published:G4}")).ToList();
        return compared.Count == 0 ? "measured; nothing published to compare with"
            : apart.Count == 0 ? $"agrees: {string.Join(", ", compared.Select(f => f.Measure))}"
            : $"differs: {string.Join("; ", apart)}";
    }
}
