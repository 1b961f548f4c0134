using SaeNotebooks.Hooks;
using SaeNotebooks.Runtime;
using static TorchSharp.torch;

namespace SaeNotebooks.Models;

/// <summary>Tokens to vectors: the residual stream's beginning.</summary>
/// <param name="Weight">[vocab, d_model]</param>
internal sealed record TokenEmbedding(Tensor Weight)
{
    private readonly double _scale = 1;

    /// <summary>Multiplies the vectors (Gemma); rounded to the weights' dtype, as the reference has it: √3584 is 59.75 in
    /// bfloat16.</summary>
    public double Scale { get => _scale; init => _scale = Rounded(value, Weight.dtype); }

    /// <summary>[context, d_model], learned positions (GPT-2), or null.</summary>
    public Tensor? Positions { get; init; }

    /// <summary>The hooks that fire in here.</summary>
    public IEnumerable<HookName> Hooks => Positions is null ? [Hook.Embed] : [Hook.Embed, Hook.PosEmbed];

    /// <param name="ids">[batch, pos], int64</param>
    /// <param name="pass">the run whose hooks fire</param>
    /// <returns>[batch, pos, d_model]</returns>
    public Tensor Forward(Tensor ids, ForwardPass pass)
    {
        var vectors = Lookup(Weight, ids);
        var embedded = pass.At(Hook.Embed, Scale == 1 ? vectors : vectors.Times(Scale));
        if (Positions is null) return embedded;
        var positions = Lookup(Positions, pass.Positions(ids.device)).expand(embedded.shape); // [batch, pos, d_model]
        return embedded.Plus(pass.At(Hook.PosEmbed, positions));
    }

    private static Tensor Lookup(Tensor weight, Tensor ids) => weight.index_select(0, ids.view(-1)).view(ids.size(0), ids.size(1), -1);

    private static double Rounded(double value, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        return tensor(value).to(dtype).to(ScalarType.Float64).item<double>();
    }
}
