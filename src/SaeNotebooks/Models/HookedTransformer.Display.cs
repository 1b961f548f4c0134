using SaeNotebooks.Display;

namespace SaeNotebooks.Models;

public sealed partial class HookedTransformer
{
    /// <summary>How many numbers the loaded weights have.</summary>
    public long Parameters => _weights.Sum(w => w.numel());

    /// <inheritdoc/>
    public string ToHtml() => Card.ToHtml();

    /// <inheritdoc/>
    public string ToText() => Card.ToText();

    /// <summary>For example "gpt2 transformer of 12 layers, 124 million parameters in float32 on cpu".</summary>
    public override string ToString() => $"{Config.Family} transformer of {Config.NLayers} layers, {Html.Count(Parameters)} parameters in {Dtype.ToString().ToLowerInvariant()} on {Device}";

    private Card Card => new(Words.Sentence(ToString()),
    [
        ("layers", LoadedLayers == Config.NLayers ? Config.NLayers : $"{LoadedLayers} of {Config.NLayers} loaded, so there are no logits"),
        ("residual stream (d_model)", Config.DModel),
        ("heads", $"{Config.NHeads} of width {Config.DHead}" + (Config.NKeyValueHeads == Config.NHeads ? "" : $"; {Config.NKeyValueHeads} of keys and values")),
        ("neurons (d_mlp)", Config.DMlp),
        ("vocabulary", $"{Config.VocabSize:N0} tokens"),
        ("context", $"{Config.ContextLength:N0} tokens"),
        ("weights", Html.Bytes(_weights.Sum(w => w.numel() * w.element_size()))),
        ("tokenizer", Tokenizer is null ? "none: the model takes token ids" : "yes"),
    ]) { Below = [HookTable.Of(Hooks)] };
}
