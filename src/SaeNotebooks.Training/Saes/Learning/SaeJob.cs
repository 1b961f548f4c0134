using SaeNotebooks.Hooks;
using SaeNotebooks.Training.Saes.Architectures;

namespace SaeNotebooks.Training.Saes.Learning;

/// <summary>One SAE to be trained.</summary>
/// <param name="Hook">the activation that it reads</param>
/// <param name="Architecture">what kind of SAE it is</param>
/// <param name="Target">the activation that a transcoder predicts; null for an autoencoder</param>
public sealed record SaeJob(HookName Hook, SaeArchitecture Architecture, HookName? Target = null)
{
    /// <summary>The activation that is reconstructed.</summary>
    public HookName Reconstructed => Target ?? Hook;

    /// <summary>For example <c>batchtopk at blocks.4.hook_resid_post</c>.</summary>
    public override string ToString() => Target is null ? $"{Architecture.Name} at {Hook}" : $"{Architecture.Name} from {Hook} to {Target}";

    /// <exception cref="ArgumentException">a transcoder without a target, an autoencoder with one, or a hook that the source does not have</exception>
    internal void Check(IReadOnlyList<HookName> hooks)
    {
        if (Architecture.IsTranscoder != Target.HasValue)
            throw new ArgumentException(Architecture.IsTranscoder ? $"A {Architecture.Name} at {Hook} predicts another activation: give its Target."
                : $"A {Architecture.Name} SAE reconstructs what it reads, {Hook}; leave Target out, or take a transcoder.");
        foreach (var hook in new[] { Hook, Reconstructed })
            if (!hooks.Contains(hook)) throw new ArgumentException($"The activations are of {string.Join(", ", hooks)}; an SAE is to be trained on {hook}.");
    }

    /// <summary>Everything that decides what is trained, in words.</summary>
    internal string Identity => $"{Hook} {Reconstructed} {Architecture} {(Architecture is TopKFamily family ? string.Join(',', family.Levels) : "")}";
}
