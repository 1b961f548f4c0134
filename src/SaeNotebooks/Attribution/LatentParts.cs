using SaeNotebooks.Runtime;
using SaeNotebooks.Saes;
using static TorchSharp.torch;

namespace SaeNotebooks.Attribution;

/// <summary>
/// The difference between an activation and a baseline at each token of one prompt, as the sum that an SAE sees in it:
/// h − h₀ = Σ_j (a_j − a₀_j) · W_dec[j] + error. With no baseline h₀ is what the SAE decodes from no latents, so that nodes are whole latents and
/// the whole error. Owns its tensors.
/// </summary>
internal sealed class LatentParts : IDisposable
{
    private readonly Tensor _vectors; // [nodes, d], what each node writes

    private LatentParts(IReadOnlyList<AttributionNode> nodes, IReadOnlyList<double> activations, Tensor vectors, Tensor baseline) =>
        (Nodes, Activations, _vectors, Baseline) = (nodes, activations, vectors.DetachFromDisposeScope(), baseline.DetachFromDisposeScope());

    /// <summary>The latents that are active in either, token by token, and then the error term of each token.</summary>
    public IReadOnlyList<AttributionNode> Nodes { get; }

    /// <summary>By node, a − a₀; for error terms their norm.</summary>
    public IReadOnlyList<double> Activations { get; }

    /// <summary>h₀, [pos, d].</summary>
    public Tensor Baseline { get; }

    /// <param name="sae">the SAE</param>
    /// <param name="h">[pos, d]</param>
    /// <param name="baseline">h₀ [pos, d]; null for what is decoded from no latents</param>
    /// <param name="positions">tokens that have nodes</param>
    public static LatentParts Of(Sae sae, Tensor h, Tensor? baseline, IReadOnlyList<int> positions)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        h = h.to(float32);
        var written = Written(sae, h);
        var before = baseline is null ? [] : Written(sae, baseline.to(float32));
        var h0 = baseline?.to(float32) ?? Silent(sae, h);
        List<AttributionNode> nodes = [];
        List<double> activations = [], scaled = [];
        foreach (var position in positions)
        {
            var there = written.Where(w => w.Key.Position == position).Concat(before.Where(w => w.Key.Position == position && !written.ContainsKey(w.Key)))
                .Select(w => w.Key.Latent).Order();
            foreach (var latent in there)
            {
                var (now, then) = (written.GetValueOrDefault((position, latent)), before.GetValueOrDefault((position, latent)));
                nodes.Add(new(sae.Config.Hook, position, latent));
                activations.Add(now.Activation - then.Activation);
                scaled.Add(now.Activation * now.Scale - then.Activation * then.Scale);
            }
        }
        var vectors = tensor([.. scaled.Select(v => (float)v)], [scaled.Count, 1], device: h.device)
            * sae.Decoder.index_select(0, Index(nodes.Select(n => n.Latent!.Value), h));
        var places = Index(positions, h);
        var rows = Index(nodes.Select(n => positions.ToList().IndexOf(n.Position)), h);
        var errors = (h - h0).index_select(0, places).index_add(0, rows, vectors.neg(), Scalars.One); // [positions, d]
        nodes.AddRange(positions.Select(position => new AttributionNode(sae.Config.Hook, position, null)));
        activations.AddRange(errors.norm(1).cpu().data<float>().ToArray().Select(n => (double)n));
        return new(nodes, activations, cat([vectors, errors]), h0.clone());
    }

    /// <summary>To first order, what each node contributes: what it writes · gradient.</summary>
    /// <param name="gradient">[pos, d]</param>
    /// <returns>one for each node</returns>
    public double[] Contributions(Tensor gradient)
    {
        using var scope = NewDisposeScope();
        return [.. (_vectors * gradient.to(float32).index_select(0, Index(Nodes.Select(n => n.Position), gradient))).sum(1).cpu().data<float>().ToArray().Select(v => (double)v)];
    }

    /// <summary>What some nodes write: [nodes, d]; the caller's scope owns it.</summary>
    /// <param name="nodes">indices into <see cref="Nodes"/></param>
    public Tensor Vectors(IEnumerable<int> nodes) => _vectors.index_select(0, Index(nodes, _vectors));

    public void Dispose()
    {
        _vectors.Dispose();
        Baseline.Dispose();
    }

    private static Tensor Index(IEnumerable<int> values, Tensor on) => tensor([.. values.Select(v => (long)v)], device: on.device);

    /// <summary>Activations, and what the SAE multiplies them by when it decodes.</summary>
    private static Dictionary<(int Position, int Latent), (double Activation, double Scale)> Written(Sae sae, Tensor h)
    {
        using var latents = sae.Encode(h);
        var scales = latents.Scale?.cpu().data<float>().ToArray();
        return Enumerable.Range(0, latents.Tokens).SelectMany(t => latents.At(t).Select(l => (t, l)))
            .ToDictionary(p => (p.t, p.l.Latent), p => ((double)p.l.Value, scales is null ? 1.0 : scales[p.t]));
    }

    /// <summary>What is decoded from no latents: [pos, d].</summary>
    private static Tensor Silent(Sae sae, Tensor h)
    {
        var normalised = sae.Centre(h).Normalised;
        var bias = sae.DecoderBias.expand(h.shape);
        if (normalised is null) return bias;
        return normalised.Shift is { } shift ? (bias * normalised.Scale).Plus(shift) : bias * normalised.Scale;
    }
}
