using SaeNotebooks.Translation.Causal;
using SaeNotebooks.Translation.Discovery;

namespace SaeNotebooks.Translation.Study;

/// <summary>How much a study of the translation switch measures. The defaults are those of the shipped report; the paper's numbers where it has them.</summary>
public sealed record StudyOptions
{
    /// <summary>Which latents are recalled; by default by the paper's text. <see cref="RecallOptions.Code"/> is what the authors' code does, which does not watch the
    /// last prompt token, where it then intervenes.</summary>
    public RecallOptions Recall { get; init; } = RecallOptions.Paper;

    /// <summary>Sentences for discovery, each in every wording; the paper has 98.</summary>
    public int DiscoverySentences { get; init; } = 98;

    /// <summary>Sentences per setting in the recurrence across languages, each in every wording; 0 leaves it out.</summary>
    public int RecurrenceSentences { get; init; } = 8;

    /// <summary>Screening by the log-probability of references.</summary>
    public ScreeningOptions Screening { get; init; } = new();

    /// <summary>Latents that go on to generation, the best of screening.</summary>
    public int Best { get; init; } = 20;

    /// <summary>Recalled latents of each ρ group that go on to generation, drawn whatever their effect.</summary>
    public int RhoSample { get; init; } = 8;

    /// <summary>Held-out prompts per language pair in generation.</summary>
    public int PromptsPerPair { get; init; } = 50;

    /// <summary>Prompts of each kind in the transfer test; 0 leaves it out.</summary>
    public int TransferPrompts { get; init; } = 100;

    /// <summary>Latents in the transfer test: those of the best whose effect in generation is largest.</summary>
    public int TransferLatents { get; init; } = 5;

    /// <summary>Takes every recalled latent to generation; may run for hours.</summary>
    public bool Full { get; init; }

    /// <summary>Seed of all draws.</summary>
    public ulong Seed { get; init; } = 20_260_116;

    /// <summary>Small numbers, to see whether everything runs: intervals are wide.</summary>
    public static StudyOptions Fast { get; } = new()
    {
        DiscoverySentences = 16, RecurrenceSentences = 2, Best = 4, RhoSample = 2, PromptsPerPair = 8, TransferPrompts = 12, TransferLatents = 2,
        Screening = new() { Extra = 2, ControlsPerLatent = 1 },
    };

    /// <summary>Refuses what cannot be run.</summary>
    /// <exception cref="ArgumentException">a number that is too small, or a first factor that is no ablation</exception>
    internal void Check()
    {
        (string Name, int Value)[] counts = [("sentences for discovery", DiscoverySentences), ("latents in generation", Best), ("held-out prompts per pair", PromptsPerPair)];
        if (counts.FirstOrDefault(c => c.Value < 1) is ({ } name, var value)) throw new ArgumentException($"There must be {name}, at least 1, and there are {value}.");
        if (Screening.Factors.FirstOrDefault(1) != 0)
            throw new ArgumentException($"The first factor must be 0, ablation, by which latents are ranked; the factors are {string.Join(", ", Screening.Factors)}.");
    }
}
