using SaeNotebooks.Hooks;
using SaeNotebooks.Models;
using SaeNotebooks.Saes;
using static TorchSharp.torch;

namespace SaeNotebooks.Training.Evaluation;

/// <summary>Some tokens of a text as an SAE sees them. Its tensors are valid while it is looked at.</summary>
/// <param name="Places">by token: which sequence, and where in it</param>
/// <param name="Target">[tokens, d_out] float32: what is to be reconstructed</param>
/// <param name="Input">[tokens, d_in] float32: what is encoded, the same in an autoencoder</param>
/// <param name="Latents">what is active</param>
/// <param name="Reconstruction">[tokens, d_out] float32</param>
public sealed record EncodedTokens(IReadOnlyList<(int Sequence, int Position)> Places, Tensor Target, Tensor Input, SparseLatents Latents, Tensor Reconstruction);

/// <summary>Runs sequences through a model and an SAE.</summary>
public static class EncodingPass
{
    /// <summary>Encodes and reconstructs all tokens that count, a batch at a time.</summary>
    /// <param name="model">the model</param>
    /// <param name="sae">an autoencoder, or a transcoder whose target hook is known</param>
    /// <param name="sequences">token ids</param>
    /// <param name="policy">which tokens count</param>
    /// <param name="look">called for each batch</param>
    /// <param name="cancellation">looked at before every batch</param>
    /// <exception cref="ArgumentException">no token counts, or a transcoder's target is not known</exception>
    public static void Run(HookedTransformer model, Sae sae, IReadOnlyList<IReadOnlyList<int>> sequences, TokenPolicy policy, Action<EncodedTokens> look,
        CancellationToken cancellation = default)
    {
        double? limit = null;
        var counted = false;
        var target = TargetOf(sae);
        foreach (var batch in Batches.ByLength(sequences, int.MaxValue, Batches.TokensFor(model)))
        {
            using var quiet = no_grad();
            using var scope = NewDisposeScope();
            var tokens = new TokenBatch(batch.Select(i => sequences[i]));
            using var run = model.Run(tokens, new[] { sae.Config.Hook, target }, cancellation: cancellation);
            var rows = policy.Rows(tokens);
            if (rows.Length == 0) continue;
            var input = Rows(run[sae.Config.Hook], rows);
            limit ??= policy.NormLimit(input);
            if (policy.LongestNorm is not null)
            {
                using var within = TokenPolicy.Within(input, limit.Value);
                rows = [.. rows.Zip(within.cpu().data<bool>().ToArray()).Where(r => r.Second).Select(r => r.First)];
                if (rows.Length == 0) continue;
                input = Rows(run[sae.Config.Hook], rows);
            }
            counted = true;
            using var latents = sae.Encode(input);
            var reconstruction = sae.Skip is null ? sae.Decode(latents) : sae.Reconstruct(input);
            look(new([.. rows.Select(r => (batch[r / tokens.Width], (int)(r % tokens.Width)))],
                target == sae.Config.Hook ? input : Rows(run[target], rows), input, latents, reconstruction));
        }
        if (!counted) throw new ArgumentException($"None of the {sequences.Count} sequences has a token that counts, {policy}; give longer text.", nameof(sequences));
    }

    /// <summary>The hook whose activation an SAE reconstructs.</summary>
    public static HookName TargetOf(Sae sae) => !sae.Config.IsTranscoder ? sae.Config.Hook
        : sae.Config.OutputHook ?? throw new ArgumentException($"{sae} does not say which activation it predicts, so there is nothing to compare it with.");

    private static Tensor Rows(Tensor activation, long[] rows) // [batch, pos, …] → [tokens, d]
    {
        using var index = tensor(rows, device: activation.device);
        return activation.flatten(0, 1).flatten(1).index_select(0, index).to(ScalarType.Float32);
    }
}
