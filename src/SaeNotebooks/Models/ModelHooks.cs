using SaeNotebooks.Hooks;

namespace SaeNotebooks.Models;

/// <summary>Which hooks a loaded model has.</summary>
internal sealed class ModelHooks(ModelConfig config, Decoder decoder)
{
    private readonly SortedSet<HookName> _all = [.. decoder.Hooks];

    /// <summary>In the order of evaluation.</summary>
    public IReadOnlyCollection<HookName> All => _all;

    /// <summary>Layers of the whole model, loaded or not.</summary>
    public int NLayers => config.NLayers;

    /// <exception cref="ArgumentException">there is no such hook; the message says why</exception>
    public void Require(HookName hook)
    {
        if (_all.Contains(hook)) return;
        if (hook.IsInBlock && hook.Layer >= NLayers)
            throw new ArgumentOutOfRangeException(nameof(hook), hook.ToString(), $"{hook} was asked for, but the model has {NLayers} layers, 0 to {NLayers - 1}.");
        if (hook.IsInBlock ? hook.Layer >= decoder.Blocks.Count : decoder.Head is null && hook.Point >= HookPoint.LnFinalScale)
            throw new ArgumentException($"{hook} was asked for, but only layers 0 to {decoder.Blocks.Count - 1} of {NLayers} were loaded; load the model with a later lastLayer, or without.", nameof(hook));
        throw new ArgumentException($"{hook} does not exist in a model of the family {config.Family}; the hooks of this model are in its Hooks.", nameof(hook));
    }
}
