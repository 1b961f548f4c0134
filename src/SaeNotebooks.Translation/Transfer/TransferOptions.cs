namespace SaeNotebooks.Translation.Transfer;

/// <summary>How much a study of transfer measures. The defaults are those of the shipped report.</summary>
public sealed record TransferOptions
{
    /// <summary>Cases per kind of receiver in the patching experiment, which says where the second model carries the task.</summary>
    public int PatchCases { get; init; } = 40;

    /// <summary>Translation prompts, and as many of other tasks, over which activations are correlated.</summary>
    public int MatchingPrompts { get; init; } = 400;

    /// <summary>Controls in the first model for each latent that is carried over: of the same layer, nearest in firing rate and norm, and not suspected to be causal.</summary>
    public int ControlsPerLatent { get; init; } = 1;

    /// <summary>Peers in the second model for each match: of the same layer, nearest in firing rate and norm.</summary>
    public int PeersPerMatch { get; init; } = 3;

    /// <summary>Held-out sentences per setting (language of prompt × source × target) on which ablation is measured.</summary>
    public int SentencesPerSetting { get; init; } = 2;

    /// <summary>Of these prompts, those on which influences on the final residual stream are compared.</summary>
    public int DownstreamPrompts { get; init; } = 60;

    /// <summary>Latents per layer of the second model with the largest first-order effects, to know what single latents can cost there.</summary>
    public int Strongest { get; init; } = 8;

    /// <summary>Held-out prompts per language pair on which all matches together are ablated in generation; 0 leaves it out.</summary>
    public int PromptsPerPair { get; init; } = 8;

    /// <summary>Sets of peers in generation; no more than each match has.</summary>
    public int JointPeers { get; init; } = 3;

    /// <summary>Stories per language for perplexity.</summary>
    public int Stories { get; init; } = 8;

    /// <summary>Documents on which the second model's SAEs are measured.</summary>
    public int SaeDocuments { get; init; } = 200;

    /// <summary>Seed of all draws.</summary>
    public ulong Seed { get; init; } = 20_261_130;

    /// <summary>Small numbers, to see whether everything runs: intervals are wide.</summary>
    public static TransferOptions Fast { get; } = new()
    {
        PatchCases = 6, MatchingPrompts = 40, PeersPerMatch = 1, SentencesPerSetting = 1, DownstreamPrompts = 8, Strongest = 2, PromptsPerPair = 1,
        JointPeers = 1, Stories = 1, SaeDocuments = 10,
    };
}
