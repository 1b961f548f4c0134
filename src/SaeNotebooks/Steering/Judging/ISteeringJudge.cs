using SaeNotebooks.Generation;

namespace SaeNotebooks.Steering.Judging;

/// <summary>Rates steered texts. Implementations are thread-safe.</summary>
public interface ISteeringJudge
{
    /// <summary>What it is called in reports.</summary>
    string Name { get; }

    /// <summary>Rates a text.</summary>
    /// <param name="prompt">what the model was asked</param>
    /// <param name="concept">what steering is to bring into the text, in words</param>
    /// <param name="text">what the model wrote</param>
    /// <param name="cancellation">gives up</param>
    Task<SteeringRating> Rate(string prompt, string concept, GeneratedText text, CancellationToken cancellation = default);
}
