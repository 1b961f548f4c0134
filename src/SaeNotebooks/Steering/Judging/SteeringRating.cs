namespace SaeNotebooks.Steering.Judging;

/// <summary>What a judge says of a steered text, each from 0 (not at all) to 2 (fully), as in AxBench (Wu et al. 2025, arXiv 2501.17148).</summary>
/// <param name="Concept">how much of the concept is in it</param>
/// <param name="Instruction">how well it does what the prompt asks for</param>
/// <param name="Fluency">how well it reads</param>
public sealed record SteeringRating(int Concept, int Instruction, int Fluency)
{
    /// <summary>The best rating.</summary>
    public const int Best = 2;

    /// <summary>AxBench's score, 0 to 2: the harmonic mean of the three; 0 if one of them is 0.</summary>
    public double Score => Concept == 0 || Instruction == 0 || Fluency == 0 ? 0 : 3 / (1.0 / Concept + 1.0 / Instruction + 1.0 / Fluency);
}
