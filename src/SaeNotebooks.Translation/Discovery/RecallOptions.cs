namespace SaeNotebooks.Translation.Discovery;

/// <summary>What the 60 % of the recall are of.</summary>
public enum RecallRule
{
    /// <summary>A latent is kept if it is active at one and the same position in so many samples; what the positions keep is united: the code.</summary>
    PerPosition,

    /// <summary>A latent is kept if it is active at any of the positions in so many samples: the paper's text.</summary>
    AnyPosition,
}

/// <summary>Which latents are recalled as candidates. The defaults are the code's rule with the paper's numbers, which name no least activation and no cap.</summary>
public sealed record RecallOptions
{
    /// <summary>Where latents are looked for.</summary>
    public PositionSet Positions { get; init; } = PositionSet.Code;

    /// <summary>What the share is of.</summary>
    public RecallRule Rule { get; init; } = RecallRule.PerPosition;

    /// <summary>Least share of samples, each prompt in each wording being one.</summary>
    public double Share { get; init; } = 0.6;

    /// <summary>Whether the share must be exceeded (the code) or reached (the paper's "≥ 60 %").</summary>
    public bool Strict { get; init; } = true;

    /// <summary>The mean over active occurrences must exceed this; in the units of the SAE.</summary>
    public double MinActivation { get; init; }

    /// <summary>At most so many per position (per layer, for <see cref="RecallRule.AnyPosition"/>), those with the largest mean; null for all.</summary>
    public int? Top { get; init; }

    /// <summary>What the authors' code runs with: strictly more than 60 % at one position, a least mean activation, the top 50 of each position.</summary>
    /// <param name="minActivation">10 for Gemma 2, 1 for Llama 3.2 1B, 0.4 for Llama 3 8B</param>
    public static RecallOptions Code(double minActivation) => new() { MinActivation = minActivation, Top = 50 };

    /// <summary>What the paper's text says: active at any of three positions in at least 60 % of the samples.</summary>
    public static RecallOptions Paper { get; } = new() { Positions = PositionSet.Paper, Rule = RecallRule.AnyPosition, Strict = false };

    /// <summary>Whether so many of so many samples are enough.</summary>
    internal bool Keeps(int active, int samples) => samples > 0 && (Strict ? active > Share * samples : active >= Share * samples);
}
