using System.Security.Cryptography;
using System.Text;
using SaeNotebooks.Hooks;
using SaeNotebooks.Models;
using SaeNotebooks.Saes;
using SaeNotebooks.Tokenization;
using static TorchSharp.torch;

namespace SaeNotebooks.Features;

/// <summary>Tells whether two models, SAEs or tokenizers are the same, in milliseconds: SHA-256 over vectors in full and a sample of the rows of matrices.</summary>
/// <remarks>Training moves every bias, gain and row, so whatever was trained further differs in the sample too.</remarks>
public static class Fingerprint
{
    private const int SampledRows = 64, SampledTexts = 2048;
    private const string Probe = "The 3 quick cafés jump;\n\tà l’aube 東京 — Straße, không? 👋";

    /// <summary>Of all that decides a model's activation at a hook: its dimensions, embedding and blocks up to there. Rounded to bfloat16, so that the dtype
    /// in which the model is loaded makes no difference.</summary>
    /// <param name="model">the model; later layers may have been left out</param>
    /// <param name="hook">where its activation is taken</param>
    /// <returns>64 hexadecimal digits</returns>
    public static string Of(HookedTransformer model, HookName hook) =>
        Of(model.Config with { SpecialTokens = new(null, [], null) }, model.WeightsUpTo(hook.IsInBlock ? hook.Layer : 0), bfloat16);

    /// <summary>Of an SAE's weights and of what it does besides its matrices.</summary>
    /// <returns>64 hexadecimal digits</returns>
    public static string Of(Sae sae) => Of($"{sae.Config.Hook} {sae.Activation.Architecture} {sae.Config.SubtractDecoderBias} {sae.Config.Normalisation}",
        ((IEnumerable<Tensor>)[sae.Encoder, sae.Decoder, sae.EncoderBias, sae.DecoderBias, .. sae.Activation.Tensors]).Select(t => (Tensor[])[t]), float32);

    /// <summary>Of a tokenizer: the texts of a sample of its ids, and how it divides a probe.</summary>
    /// <param name="tokenizer">null for none, which is a fingerprint too</param>
    /// <returns>64 hexadecimal digits</returns>
    public static string Of(ITokenizer? tokenizer)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        if (tokenizer is not null)
        {
            Add(hash, $"{tokenizer.VocabSize} {tokenizer.Bos} {tokenizer.AddsBos} {string.Join(' ', tokenizer.Encode(Probe, bos: false))}");
            foreach (var id in Evenly(tokenizer.VocabSize, SampledTexts)) Add(hash, tokenizer.Decode([(int)id], atStart: false));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <param name="facts">what is said besides</param>
    /// <param name="weights">each as the tensors that hold its rows, one below the other</param>
    /// <param name="rounded">to this dtype</param>
    private static string Of(object facts, IEnumerable<IReadOnlyList<Tensor>> weights, ScalarType rounded)
    {
        using var quiet = no_grad();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(hash, facts.ToString()!);
        foreach (var weight in weights)
        {
            using var scope = NewDisposeScope();
            var shape = weight[0].shape;
            if (weight.Count > 1) shape[0] = weight.Sum(rows => rows.shape[0]);
            Add(hash, string.Join('×', shape));
            foreach (var rows in shape.Length < 2 ? weight : Sampled(weight, Evenly(shape[0], SampledRows)))
                hash.AppendData(rows.detach().to(rounded).to(float32).cpu().contiguous().bytes);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>The sampled ones of all rows, in their order.</summary>
    private static IEnumerable<Tensor> Sampled(IReadOnlyList<Tensor> weight, long[] sample)
    {
        var first = 0L;
        foreach (var rows in weight)
        {
            long[] here = [.. sample.Where(row => row >= first && row < first + rows.shape[0]).Select(row => row - first)];
            if (here.Length > 0) yield return rows.index_select(0, tensor(here, device: rows.device));
            first += rows.shape[0];
        }
    }

    private static void Add(IncrementalHash hash, string text) => hash.AppendData(Encoding.UTF8.GetBytes(text + "\0"));

    /// <summary>Numbers from 0 on, evenly spread below <paramref name="count"/>: all of them if there are few.</summary>
    private static long[] Evenly(long count, int most) => count <= most ? [.. Enumerable.Range(0, (int)count).Select(i => (long)i)] : [.. Enumerable.Range(0, most).Select(i => i * count / most)];
}
