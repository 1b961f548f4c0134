using static TorchSharp.torch;

namespace SaeNotebooks.Models;

/// <summary>
/// Which tokens count where activations are learnt from, measured or searched, so that all of these speak of the same tokens. Padding
/// never counts.
/// </summary>
public sealed record TokenPolicy
{
    /// <summary>All but the first token of each prompt, of any length of activation.</summary>
    public static TokenPolicy Default { get; } = new();

    /// <summary>Whether the first token of each prompt is left out: BOS, or what serves as one; attention rests there, and its activations are
    /// like no other's.</summary>
    public bool SkipFirst { get; init; } = true;

    /// <summary>Ids of tokens that are left out wherever they stand, such as those of a chat template.</summary>
    public IReadOnlyList<int> SkipIds { get; init; } = [];

    /// <summary>Tokens whose activation is more than so many times as long as the median are left out, as those of attention sinks within a
    /// text; 10 is usual. Null: none.</summary>
    /// <exception cref="ArgumentException">set to a number that is not above 0</exception>
    public double? LongestNorm
    {
        get;
        init => field = value is null or > 0 ? value : throw new ArgumentException($"Activations can be left out that are longer than some times the median, above 0, and not {value}.");
    }

    /// <summary>Rows of the tokens that count in a batch whose activations are flattened to [batch · width, …], row by row.</summary>
    public long[] Rows(TokenBatch batch)
    {
        List<long> rows = [];
        for (var row = 0; row < batch.Prompts.Count; row++)
            for (var i = SkipFirst ? 1 : 0; i < batch.Prompts[row].Count; i++)
                if (!SkipIds.Contains(batch.Prompts[row][i])) rows.Add((long)row * batch.Width + batch.Start(row) + i);
        return [.. rows];
    }

    /// <summary>The longest norm that counts, going by a sample; infinite where length does not matter.</summary>
    /// <param name="sample">[tokens, d]: activations of tokens that count otherwise</param>
    public double NormLimit(Tensor sample)
    {
        if (LongestNorm is not { } times) return double.PositiveInfinity;
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        return times * Norms(sample).median().item<float>();
    }

    /// <summary>Which activations are no longer than a limit: [tokens] bool; the caller owns it.</summary>
    /// <param name="activations">[tokens, d]</param>
    /// <param name="limit">from <see cref="NormLimit"/></param>
    public static Tensor Within(Tensor activations, double limit)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        return Norms(activations).le(tensor((float)limit, device: activations.device)).MoveToOuterDisposeScope();
    }

    /// <summary>The policy in words, for cards and reports.</summary>
    public override string ToString()
    {
        List<string> left = ["padding"];
        if (SkipFirst) left.Add("the first token of each prompt (BOS)");
        if (SkipIds.Count > 0) left.Add($"{SkipIds.Count} special tokens");
        if (LongestNorm is { } times) left.Add(FormattableString.Invariant($"activations longer than {times} × the median"));
        return "without " + string.Join(", ", left);
    }

    private static Tensor Norms(Tensor activations)
    {
        var wide = activations.to(ScalarType.Float32);
        return (wide * wide).sum(-1).sqrt();
    }
}
