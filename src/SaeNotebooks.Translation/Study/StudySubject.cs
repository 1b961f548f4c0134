using SaeNotebooks.Models;
using SaeNotebooks.Translation.Discovery;
using static TorchSharp.torch;

namespace SaeNotebooks.Translation.Study;

/// <summary>What is studied. The model and the SAEs stay the caller's.</summary>
/// <param name="Name">the model's short name</param>
/// <param name="Model">a model with a tokenizer</param>
/// <param name="Saes">its SAEs</param>
/// <param name="Task">sentences, wordings and a judge</param>
public sealed record StudySubject(string Name, HookedTransformer Model, SaeSource Saes, ITranslationTask Task)
{
    private const int SampledRows = 64;

    /// <summary>Stands for the model, the SAEs and the task: parts of a study are used again only where it is the same.</summary>
    internal string Fingerprint() => StudyCache.Fingerprint([Name, Task.Name, Task.Base.ToString(), $"{Task.Generation}", Model.Config.ToString(), $"{Model.Dtype}", Sample(Model.Embedding), Sample(Model.Unembedding),
        .. Saes.Hooks.Select(hook => Saes.Use(hook, sae => $"{hook} {sae} {Sample(sae.Decoder)} {Sample(sae.Encoder.t())} {Sample(sae.EncoderBias.unsqueeze(1))}"))]);

    /// <summary>Some rows of a matrix, evenly spread, as digits.</summary>
    private static string Sample(Tensor matrix)
    {
        using var scope = NewDisposeScope();
        var rows = Math.Min(SampledRows, matrix.shape[0]);
        var index = tensor([.. Enumerable.Range(0, (int)rows).Select(i => i * matrix.shape[0] / rows)], device: matrix.device);
        return Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(matrix.index_select(0, index).to(float32).cpu().contiguous().bytes.ToArray()));
    }
}
