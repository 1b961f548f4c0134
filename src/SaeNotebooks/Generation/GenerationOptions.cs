namespace SaeNotebooks.Generation;

/// <summary>What a decode step computes. Without edits both give the same tokens; with edits see <see cref="Hooks.Positions.Newest"/>.</summary>
public enum Decoding
{
    /// <summary>The newest token alone: keys and values of earlier tokens come from a cache, and those of edited tokens stay edited.</summary>
    Cached,

    /// <summary>The whole text again, as tools without a cache do it: slow, for comparison. Edits apply in every pass to every token that their
    /// positions select.</summary>
    Recomputed,
}

/// <summary>How tokens are chosen and when generation ends. The defaults are greedy.</summary>
public sealed record GenerationOptions
{
    /// <summary>At most this many new tokens per prompt.</summary>
    public int MaxNewTokens { get; init; } = 50;

    /// <summary>0 takes the likeliest token; above it, tokens are drawn from softmax(logits / temperature).</summary>
    public double Temperature { get; init; }

    /// <summary>Draws among this many likeliest tokens only; null for all.</summary>
    public int? TopK { get; init; }

    /// <summary>Draws among the fewest likeliest tokens that together have this probability; 1 for all.</summary>
    public double TopP { get; init; } = 1;

    /// <summary>Tokens already seen, in the prompt or since, have positive logits divided and negative ones multiplied by this; 1 for
    /// none.</summary>
    public double RepetitionPenalty { get; init; } = 1;

    /// <summary>Seed of the draws; prompt i of a batch has its own stream, which does not depend on the other prompts.</summary>
    public int Seed { get; init; }

    /// <summary>Tokens that end a generation and are not part of it; null for the ends of sequence that the model's configuration
    /// names.</summary>
    public IReadOnlyCollection<int>? StopTokens { get; init; }

    /// <summary>Prompts that run together when there are many; a larger batch is faster and takes more memory.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>What a decode step computes.</summary>
    public Decoding Decoding { get; init; } = Decoding.Cached;

    /// <exception cref="ArgumentOutOfRangeException">a setting has no meaning</exception>
    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxNewTokens);
        ArgumentOutOfRangeException.ThrowIfNegative(Temperature);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(TopK ?? 1, nameof(TopK));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(TopP);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(TopP, 1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(RepetitionPenalty);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(BatchSize);
    }
}
