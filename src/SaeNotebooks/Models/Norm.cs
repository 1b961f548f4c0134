using SaeNotebooks.Hooks;
using SaeNotebooks.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace SaeNotebooks.Models;

/// <summary>The two hooks of a norm.</summary>
/// <param name="Scale">what it divides by</param>
/// <param name="Normalized">the quotient, before gain and bias</param>
internal readonly record struct NormHooks(HookName Scale, HookName Normalized)
{
    public static NormHooks Final => new(Hook.LnFinalScale, Hook.LnFinalNormalized);
    public static NormHooks Ln1(int layer) => new(Hook.Ln1Scale(layer), Hook.Ln1Normalized(layer));
    public static NormHooks Ln1Post(int layer) => new(Hook.Ln1PostScale(layer), Hook.Ln1PostNormalized(layer));
    public static NormHooks Ln2(int layer) => new(Hook.Ln2Scale(layer), Hook.Ln2Normalized(layer));
    public static NormHooks Ln2Post(int layer) => new(Hook.Ln2PostScale(layer), Hook.Ln2PostNormalized(layer));
    public static NormHooks Query(int layer) => new(Hook.QNormScale(layer), Hook.QNormNormalized(layer));
    public static NormHooks Key(int layer) => new(Hook.KNormScale(layer), Hook.KNormNormalized(layer));
}

/// <summary>y = gain · c / √(mean(c²) + ε) + bias with c = <see cref="Centre"/>(x), over the last dimension; the quotient in
/// float32.</summary>
/// <param name="Gain">[d]; in float32, or in the model's dtype where the reference rounds the quotient before it multiplies. Null where it
/// is folded into the weights that follow</param>
/// <param name="Bias">[d], float32, or null</param>
/// <param name="Epsilon">added to the mean square</param>
/// <param name="At">its hooks</param>
internal abstract record Norm(Tensor? Gain, Tensor? Bias, double Epsilon, NormHooks At)
{
    private readonly Scalar _epsilon = Epsilon; // a field: see Scalars

    public IEnumerable<HookName> Hooks => [At.Scale, At.Normalized];

    /// <summary>What is taken off before anything else.</summary>
    /// <param name="x">[…, d], float32</param>
    protected abstract Tensor Centre(Tensor x);

    /// <summary>The whole norm as one operation, if there is one.</summary>
    /// <param name="x">[…, d]</param>
    /// <returns>[…, d], in the dtype of <paramref name="x"/>; null where there is none</returns>
    protected virtual Tensor? Fused(Tensor x) => null;

    /// <param name="x">[batch, pos, …, d]</param>
    /// <param name="pass">the run whose hooks fire, in float32</param>
    /// <returns>the same shape, in the dtype of <paramref name="x"/></returns>
    public Tensor Forward(Tensor x, ForwardPass pass)
    {
        if (!pass.IsActive(At.Scale) && !pass.IsActive(At.Normalized) && Fused(x) is { } fused) return fused;
        var centred = Centre(x.to(ScalarType.Float32));
        var scale = pass.At(At.Scale, Root(centred)); // [batch, pos, …, 1]
        var normalized = pass.At(At.Normalized, centred / scale);
        return Affine(normalized).to(x.dtype);
    }

    /// <summary>The norm outside of any run.</summary>
    /// <param name="x">[…, d]</param>
    /// <returns>[…, d], float32</returns>
    public Tensor Apply(Tensor x)
    {
        var centred = Centre(x.to(ScalarType.Float32));
        return Affine(centred / Root(centred)).to(ScalarType.Float32);
    }

    /// <summary>What the norm divides by.</summary>
    /// <param name="x">[…, d]</param>
    /// <returns>[…, 1], float32</returns>
    public Tensor Scale(Tensor x) => Root(Centre(x.to(ScalarType.Float32)));

    /// <summary>The norm with the scale that it had in a run and without its bias, so that it is linear in <paramref name="x"/>.</summary>
    /// <param name="x">[…, d]</param>
    /// <param name="scale">[…, 1], captured at the norm's <c>hook_scale</c></param>
    /// <returns>[…, d], float32</returns>
    public Tensor Frozen(Tensor x, Tensor scale)
    {
        var normalized = Centre(x.to(ScalarType.Float32)) / scale;
        return Gain is null ? normalized : normalized * Gain;
    }

    private Tensor Affine(Tensor normalized)
    {
        var scaled = Gain is null ? normalized : normalized.to(Gain.dtype) * Gain;
        return Bias is null ? scaled : scaled.Plus(Bias);
    }

    private Tensor Root(Tensor centred) => (centred * centred).mean([-1], keepdim: true).add_(_epsilon, Scalars.One).sqrt_();
}
