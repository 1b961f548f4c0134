using SaeNotebooks.Hooks;
using SaeNotebooks.Models;
using SaeNotebooks.Runtime;
using static TorchSharp.torch;

namespace SaeNotebooks.Attribution;

/// <summary>
/// The edges between two layers. For each later node there is a number φ that it stands for, and a pass backwards gives ∂φ / ∂ (earlier residual
/// stream): for a latent φ is its activation; for an error term φ is the share of the metric's gradient along it,
/// g · h − Σ_j (g · W_dec[j]) a_j over the latents active there, with g held constant. Later nodes are the rows of a batch.
/// </summary>
internal sealed class LayerEdges(HookedTransformer model, GraphLayer earlier, GraphLayer later, TokenBatch batch, Edits freeze)
{
    private const int RowsAtOnce = 64;

    private readonly NodeContribution[] _from = [.. earlier.Kept], _to = [.. later.Kept];

    /// <summary>Every edge from a kept node to a kept node.</summary>
    public List<GraphEdge> Compute(CancellationToken cancellation)
    {
        List<GraphEdge> edges = [];
        using var scope = NewDisposeScope();
        var (vectors, places) = (earlier.Vectors(), Index(_from.Select(n => n.Node.Position)));
        foreach (var rows in _to.Chunk(RowsAtOnce))
        {
            using var inner = NewDisposeScope();
            var hook = earlier.Sae.Config.Hook;
            using var run = model.Gradients(batch.Repeat(rows.Length), hook, later.Sae.Config.Hook, Function(rows), freeze, cancellation);
            var weights = (run.Gradient(hook).to(float32).index_select(1, places) * vectors).sum(-1).cpu().data<float>().ToArray(); // [rows, from]
            for (var r = 0; r < rows.Length; r++)
                for (var f = 0; f < _from.Length; f++)
                {
                    var (to, weight) = (rows[r], (double)weights[r * _from.Length + f]);
                    // a latent's contribution is its activation · ∂ metric / ∂ activation
                    edges.Add(new(_from[f].Node, to.Node, weight, to.Node.IsError ? weight : weight * to.Contribution / to.Activation));
                }
        }
        return edges;
    }

    /// <summary>φ of each row's node, as W · h + C · a with constants W [rows, d] and C [rows, latents].</summary>
    private Func<Tensor, Tensor> Function(NodeContribution[] rows)
    {
        var sae = later.Sae;
        int[] latents = [.. rows.SelectMany(r => r.Node.IsError ? later.ActiveAt(r.Node.Position) : [r.Node.Latent!.Value]).Distinct().Order()];
        var column = latents.Index().ToDictionary(l => l.Item, l => l.Index);
        var gradients = later.Gradient.to(float32).index_select(0, Index(rows.Select(r => r.Node.Position))); // [rows, d]
        var index = Index(latents);
        var along = gradients.matmul(sae.Decoder.index_select(0, index).t()); // [rows, latents], g · W_dec[j]
        var (w, c) = (new float[rows.Length], new float[rows.Length, latents.Length]);
        var own = new float[rows.Length, latents.Length];
        foreach (var (r, row) in rows.Index())
        {
            w[r] = row.Node.IsError ? 1 : 0;
            if (row.Node.Latent is { } latent) own[r, column[latent]] = 1;
            else foreach (var active in later.ActiveAt(row.Node.Position)) c[r, column[active]] = -1;
        }
        var linear = gradients * tensor(w, [rows.Length, 1], device: model.Device);
        var (errors, selves) = (along * tensor(c, device: model.Device), tensor(own, device: model.Device));
        var places = Index(rows.Select((row, r) => r * batch.Width + row.Node.Position)); // in [rows · pos, d]
        return h => // [rows, pos, d]
        {
            var x = h.flatten(0, 1).index_select(0, places).to(float32); // [rows, d]
            var (centred, normalised) = sae.Centre(x);
            var pre = nn.functional.linear(centred, sae.Encoder.t().index_select(0, index), sae.EncoderBias.index_select(0, index));
            var a = sae.Activation.Of(index)?.Dense(pre) ?? pre.relu(); // latents that are active compete no more
            var weights = normalised is null ? errors : errors * normalised.Scale.detach();
            return (linear * x).sum(-1).Plus((weights.Plus(selves) * a).sum(-1));
        };
    }

    private Tensor Index(IEnumerable<int> values) => tensor([.. values.Select(v => (long)v)], device: model.Device);
}
