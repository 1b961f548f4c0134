using SaeNotebooks.Saes;
using SaeNotebooks.Training.Saes.Sparse;
using static TorchSharp.torch;

namespace SaeNotebooks.Training.Saes.Architectures;

/// <summary>
/// BatchTopK SAE (Bussmann, Leask and Nanda 2024): the K · batch strongest activations of a batch stay, however many that are for one token.
/// In use, where there is no batch, a threshold takes over: the running mean of the smallest activation that stayed.
/// </summary>
public record BatchTopKArchitecture : TopKFamily
{
    private const string Threshold = "threshold";

    /// <summary>Active latents per token, on average.</summary>
    public double K { get; init; } = 64;

    /// <summary>Weight of each step in the running threshold.</summary>
    public double ThresholdRate { get; init; } = 0.01;

    /// <inheritdoc/>
    public override string Name => "batchtopk";

    internal override SaeParameters Initialise(long inputWidth, long outputWidth, Tensor centre, Generator generator)
    {
        using var scope = NewDisposeScope();
        var parameters = base.Initialise(inputWidth, outputWidth, centre, generator);
        parameters.Keep(Threshold, zeros([1], float64), Unit.Input);
        return parameters;
    }

    private protected override Tensor Keep(Tensor scores)
    {
        var positive = scores.relu().flatten();
        var (values, ids) = positive.topk((int)(K * scores.shape[0]), -1);
        return zeros_like(positive).scatter(-1, ids, values).view(scores.shape);
    }

    internal override ISelection Selection(long tokens) => new BatchTopKSelection(K, tokens);

    internal override void Observe(SaeParameters p, double smallestKept)
    {
        if (smallestKept == 0) return;
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        p[Threshold].lerp_(tensor([smallestKept]), tensor(ThresholdRate));
    }

    internal override Sae Export(SaeParameters p, SaeConfig config) => Exports.Thresholded(p, p[Threshold].item<double>(), config);
}
