namespace SaeNotebooks.Models;

/// <summary>
/// Changes to the weights that leave every log-probability as it is but make activations easier to read, as TransformerLens defines
/// them (its <c>from_pretrained</c> makes all of them, <c>from_pretrained_no_processing</c> none). SAEs fit activations of the
/// processing that they were trained with only.
/// </summary>
[Flags]
public enum WeightProcessing
{
    /// <summary>Weights as they are published.</summary>
    None = 0,

    /// <summary><c>fold_ln</c>: gains and biases of the norms that read the residual stream go into the linear maps behind them, which
    /// then are centred where the norm is; <c>hook_normalized</c> and what is read from it are the same, the norms after attention and
    /// MLP stay.</summary>
    FoldLn = 1,

    /// <summary><c>center_writing_weights</c>: whatever writes to the residual stream writes with mean zero. Only with layer norms, which
    /// take the mean off anyway.</summary>
    CenterWritingWeights = 2,

    /// <summary><c>center_unembed</c>: the logits of every prediction have mean zero over the vocabulary, if folded norms are centred too.
    /// Only without a soft cap on logits.</summary>
    CenterUnembed = 4,

    /// <summary><c>fold_value_biases</c>: biases of values go into the bias of attention's output, since a pattern sums to one.</summary>
    FoldValueBiases = 8,
}
