using SaeNotebooks.Hooks;
using SaeNotebooks.Training.Saes.Activations;
using static TorchSharp.torch;

namespace SaeNotebooks.Training.Superposition;

/// <summary>The shared dimensions of a toy model, for an SAE to find the features in.</summary>
/// <param name="models">stays the caller's</param>
/// <param name="model">index of the model</param>
/// <param name="examplesPerBlock">examples per block</param>
public sealed class ToyActivations(ToyModels models, int model, int examplesPerBlock = 16_384) : IActivationSource
{
    /// <summary>A toy model has no layers; its activations go by the name of the first hook.</summary>
    public static HookName Hook { get; } = Hooks.Hook.ResidPost(0);

    /// <inheritdoc/>
    public string Identity => $"toy model {model} of {models.Settings}, {examplesPerBlock} examples per block";

    IReadOnlyList<HookName> IActivationSource.Hooks => [Hook];

    /// <inheritdoc/>
    public ActivationBlock Block(long number)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)(models.Settings.Seed * 1_000_003 + number), CPU);
        var examples = models.Draw(examplesPerBlock, generator)[model];
        return new([Hook], [models.Hidden(model, examples)]);
    }
}
