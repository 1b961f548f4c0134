namespace SaeNotebooks.Training.Saes.Architectures;

/// <summary>What decides how many latents are active where a penalty, not the architecture, keeps them few.</summary>
public abstract record Sparsity
{
    private protected Sparsity() { }

    /// <summary>The penalty's coefficient is steered until so many latents are active per token: the usual choice.</summary>
    /// <param name="latents">the L0 that is wanted</param>
    public static Sparsity Target(double latents) => new TargetL0(latents);

    /// <summary>A fixed coefficient.</summary>
    /// <param name="coefficient">factor of the penalty</param>
    /// <param name="warmUpSteps">steps over which it rises from 0 in a straight line</param>
    public static Sparsity Fixed(double coefficient, int warmUpSteps = 0) => new FixedCoefficient(coefficient, warmUpSteps);
}

/// <summary>A wanted L0.</summary>
/// <param name="Latents">active latents per token</param>
public sealed record TargetL0(double Latents) : Sparsity;

/// <summary>A fixed coefficient.</summary>
/// <param name="Coefficient">factor of the penalty</param>
/// <param name="WarmUpSteps">steps over which it rises from 0 in a straight line</param>
public sealed record FixedCoefficient(double Coefficient, int WarmUpSteps) : Sparsity;
