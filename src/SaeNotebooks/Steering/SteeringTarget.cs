using SaeNotebooks.Hooks;
using SaeNotebooks.Saes;
using static TorchSharp.torch;

namespace SaeNotebooks.Steering;

/// <summary>What an edit takes hold of: activations that are read off h, and the directions along which a change of them is written.</summary>
/// <param name="Hook">where</param>
internal abstract record SteeringTarget(HookName Hook)
{
    /// <summary>Reads h; the tensors belong to the caller's scope.</summary>
    /// <param name="x">[batch, pos, d]</param>
    /// <param name="activations">whether activations are wanted</param>
    public abstract Reading Read(Tensor x, bool activations);

    /// <summary>What the change is added to.</summary>
    /// <param name="x">[batch, pos, d]</param>
    public virtual Tensor Rest(Tensor x) => x;

    /// <summary>Refuses an activation that it does not fit.</summary>
    public virtual void RequireFit(Edit edit, Tensor activation) { }
}

/// <summary>What a target found in h.</summary>
/// <param name="Activations">[batch, pos, latents]; empty unless asked for</param>
/// <param name="Directions">[latents, d]</param>
/// <param name="Scale">[batch, pos, 1]: what is written is multiplied by it; null for 1</param>
internal readonly record struct Reading(Tensor Activations, Tensor Directions, Tensor? Scale)
{
    /// <summary>The norm of what an activation of 1 writes: [1 or batch, 1 or pos, 1].</summary>
    public Tensor Length(int latent)
    {
        var length = Directions.select(0, latent).norm().view(1, 1, 1);
        return Scale is null ? length : length * Scale;
    }
}

/// <summary>Latents of an SAE: h = Σ a_j · W_dec[j] + b_dec + error, times the token's scale where the SAE normalises.</summary>
internal sealed record LatentTarget : SteeringTarget
{
    public LatentTarget(Sae sae, IReadOnlyList<int> latents, ErrorTerm error) : base(sae.Config.Hook)
    {
        if (sae.Config.IsTranscoder)
            throw new ArgumentException($"A {sae} does not write where it reads; add its Direction at the hook that it predicts instead.", nameof(sae));
        if (latents.Count == 0) throw new ArgumentException("No latent is given to steer by.", nameof(latents));
        foreach (var latent in latents) sae.RequireLatent(latent);
        if (latents.Distinct().Count() < latents.Count)
            throw new ArgumentException($"Latents {string.Join(", ", latents)} name one of them twice; it would be edited twice.", nameof(latents));
        (Sae, Latents, Error) = (sae, [.. latents], error);
    }

    public Sae Sae { get; }

    public IReadOnlyList<int> Latents { get; }

    public ErrorTerm Error { get; }

    public override Reading Read(Tensor x, bool activations)
    {
        var onSae = x.to(Sae.Encoder.device);
        var directions = Sae.Decoder.index_select(0, tensor([.. Latents.Select(l => (long)l)], device: Sae.Decoder.device));
        if (!activations) return new(empty(0), directions, Sae.Config.Normalisation is null ? null : Perhaps(Sae.Centre(onSae).Normalised?.Scale, x));
        var read = LatentReading.Of(Sae, onSae, Latents);
        return new(read.Activations.view(x.shape[0], x.shape[1], Latents.Count), directions, Perhaps(read.Scale, x));
    }

    public override Tensor Rest(Tensor x) => Error == ErrorTerm.Kept ? x : Sae.Reconstruct(x.to(Sae.Encoder.device));

    public override string ToString() =>
        $"latent{(Latents.Count == 1 ? "" : "s")} {string.Join(", ", Latents)} of {Hook}, error term {(Error == ErrorTerm.Kept ? "kept" : "dropped")}";

    /// <summary>[tokens, 1] → [batch, pos, 1]</summary>
    private static Tensor? Perhaps(Tensor? scale, Tensor x) => scale?.view(x.shape[0], x.shape[1], 1);
}

/// <summary>A direction d: a = h · d / ‖d‖², so that a · d is the projection of h onto it.</summary>
internal sealed record DirectionTarget : SteeringTarget
{
    public DirectionTarget(HookName hook, Tensor vector) : base(hook)
    {
        if (hook.Point.PositionDimension() != 1)
            throw new ArgumentException($"{hook} belongs to pairs of tokens and has no directions; use Edit.Custom there.", nameof(hook));
        using var scope = NewDisposeScope();
        if (vector.norm().item<float>() is var length && (length == 0 || !float.IsFinite(length)))
            throw new ArgumentException($"The direction at {hook} has the norm {length}, so it points nowhere.", nameof(vector));
        Vector = vector;
    }

    public Tensor Vector { get; }

    public override Reading Read(Tensor x, bool activations)
    {
        var direction = Vector.to(x.dtype, x.device).reshape(1, -1); // [1, d]
        return new(activations ? x.matmul(direction.t()) / (direction * direction).sum() : empty(0), direction, null);
    }

    public override void RequireFit(Edit edit, Tensor activation)
    {
        if (!activation.shape.AsSpan(2).SequenceEqual(Vector.shape)) throw EditShapes.Mismatch(edit, Vector, activation);
    }

    public override string ToString() => $"a direction at {Hook}";
}
