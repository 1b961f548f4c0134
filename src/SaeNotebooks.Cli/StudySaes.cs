using SaeNotebooks.Hooks;
using SaeNotebooks.Saes.Registry;
using SaeNotebooks.Translation.Discovery;

namespace SaeNotebooks.Cli;

/// <summary>The SAEs of a study: those shipped with a model, or those of a release for every layer, opened one after the other.</summary>
internal static class StudySaes
{
    /// <param name="bench">the model</param>
    /// <param name="named">RELEASE:ID of one layer; by default the shipped SAEs, or else the one that the model is known with</param>
    /// <param name="layers">only these; null for all</param>
    /// <exception cref="CliException">there are no SAEs at <c>hook_resid_post</c></exception>
    public static SaeSource Of(Workbench bench, string? named, int[]? layers)
    {
        var shipped = bench.Known.Repository is null ? bench.SaeHooks.Where(h => h.Point == HookPoint.ResidPost).ToList() : [];
        if (named is null && shipped.Count > 0) return new(Chosen(shipped, layers), bench.Sae);
        var text = named ?? bench.Known.Sae ?? throw new CliException($"No SAEs of '{bench.Name}' are known; name one as --sae RELEASE:ID, of the releases {string.Join(", ", SaeRegistry.Releases.Take(6))} …");
        if (text.Split(':', 2) is not [var release, var id]) throw new CliException($"--sae '{text}' is no RELEASE:ID, such as gemma-scope-2b-pt-res-canonical:layer_12/width_16k/canonical.");
        var byHook = Enumerable.Range(0, bench.Model.Config.NLayers).Select(layer => SaeRegistry.InLayer(release, id, layer)).OfType<PublishedSae>()
            .Select(sae => (Hook: HookName.Parse(sae.Hook), sae.Id)).Where(sae => sae.Hook.Point == HookPoint.ResidPost).ToDictionary(sae => sae.Hook, sae => sae.Id);
        if (byHook.Count == 0) throw new CliException($"The release '{release}' has no SAEs at hook_resid_post named like '{id}'; the study reads the residual stream after a layer.");
        return new(Chosen([.. byHook.Keys], layers), hook => SaeRegistry.Load(release, byHook[hook]), closes: true);
    }

    private static List<HookName> Chosen(List<HookName> hooks, int[]? layers)
    {
        var missing = layers?.Except(hooks.Select(h => h.Layer)).ToList() ?? [];
        return missing.Count > 0 ? throw new CliException($"There is no SAE after layer {string.Join(", ", missing)}; there are some after {string.Join(", ", hooks.Select(h => h.Layer).Order())}.")
            : layers is null ? hooks : [.. hooks.Where(h => layers.Contains(h.Layer))];
    }
}
