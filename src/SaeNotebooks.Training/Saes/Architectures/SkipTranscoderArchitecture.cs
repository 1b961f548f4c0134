using static TorchSharp.torch;

namespace SaeNotebooks.Training.Saes.Architectures;

/// <summary>
/// Skip transcoder (Paulo, Shabalin and Belrose 2025): a TopK transcoder beside a linear map, which takes over what is linear in the component:
/// <c>ŷ = TopK(x W_enc + b_enc) W_dec + x W_skip + b_dec</c>. W_skip begins at 0.
/// </summary>
public sealed record SkipTranscoderArchitecture : TopKArchitecture
{
    /// <inheritdoc/>
    public override string Name => "skip_transcoder";

    /// <inheritdoc/>
    public override bool IsTranscoder => true;

    internal override SaeParameters Initialise(long inputWidth, long outputWidth, Tensor centre, Generator generator)
    {
        using var scope = NewDisposeScope();
        var parameters = base.Initialise(inputWidth, outputWidth, centre, generator);
        parameters.Train(SaeParameters.SkipName, zeros(inputWidth, outputWidth), Unit.OutputPerInput);
        return parameters;
    }
}
