namespace SaeNotebooks.Models;

/// <summary>The dimensions of a decoder-only transformer.</summary>
/// <param name="Family">the checkpoint's <c>model_type</c></param>
/// <param name="NLayers">blocks</param>
/// <param name="DModel">width of the residual stream</param>
/// <param name="NHeads">query heads per block</param>
/// <param name="NKeyValueHeads">key and value heads per block; each serves <c>NHeads / NKeyValueHeads</c> query heads</param>
/// <param name="DHead">width of a head</param>
/// <param name="DMlp">neurons per block</param>
/// <param name="VocabSize">tokens in the vocabulary</param>
/// <param name="ContextLength">longest sequence in tokens, prompt and generated ones together</param>
/// <param name="NormEpsilon">added to the variance under a norm's root</param>
/// <param name="SpecialTokens">ids with a meaning of their own</param>
public sealed record ModelConfig(string Family, int NLayers, int DModel, int NHeads, int NKeyValueHeads, int DHead, int DMlp,
    int VocabSize, int ContextLength, double NormEpsilon, SpecialTokenIds SpecialTokens);

/// <summary>Token ids with a meaning of their own, as far as the checkpoint's configuration names them.</summary>
/// <param name="Bos">beginning of sequence</param>
/// <param name="Eos">ends of sequence, at any of which generation stops</param>
/// <param name="Pad">padding; any id will do where the configuration names none, since padding is masked</param>
public sealed record SpecialTokenIds(int? Bos, IReadOnlyList<int> Eos, int? Pad);
