using System.Globalization;
using System.Text.RegularExpressions;
using SaeNotebooks.Hooks;
using SaeNotebooks.Saes.Registry;
using SaeNotebooks.Translation.Discovery;

namespace SaeNotebooks.Cli;

/// <summary>The SAEs of a study: those shipped with a model, or those of a release for every layer, opened one after the other.</summary>
internal static partial class StudySaes
{
    /// <param name="bench">the model</param>
    /// <param name="named">RELEASE:ID of one layer; by default the shipped SAEs, or else the one that the model is known with</param>
    /// <param name="layers">only these; null for all</param>
    /// <exception cref="CliException">there are no SAEs at <c>hook_resid_post</c></exception>
    public static SaeSource Of(Workbench bench, string? named, int[]? layers)
    {
        var shipped = bench.SaeHooks.Where(h => h.Point == HookPoint.ResidPost).ToList();
        if (named is null && shipped.Count > 0) return new(Chosen(shipped, layers), bench.Sae);
        var text = named ?? bench.Known?.Sae ?? throw new CliException($"No SAEs of '{bench.Name}' are known; name one as --sae RELEASE:ID, of the releases {string.Join(", ", SaeRegistry.Releases.Take(6))} …");
        if (text.Split(':', 2) is not [var release, var id]) throw new CliException($"--sae '{text}' is no RELEASE:ID, such as gemma-scope-2b-pt-res-canonical:layer_12/width_16k/canonical.");
        var byHook = Everywhere(release, id, bench.Model.Config.NLayers).ToDictionary(s => HookName.Parse(s.Hook));
        if (byHook.Count == 0) throw new CliException($"The release '{release}' has no SAEs at hook_resid_post named like '{id}'; the study reads the residual stream after a layer.");
        return new(Chosen([.. byHook.Keys], layers), hook => SaeRegistry.Load(release, byHook[hook].Id), closes: true);
    }

    /// <summary>The SAEs whose names differ from one in the layer alone.</summary>
    private static IEnumerable<PublishedSae> Everywhere(string release, string id, int layers)
    {
        var number = SaeRegistry.Find(release, id) is var one && HookName.TryParse(one.Hook, out var hook) && hook.Point == HookPoint.ResidPost ? hook.Layer.ToString(CultureInfo.InvariantCulture) : null;
        if (number is null || Digits().Matches(id).FirstOrDefault(m => m.Value == number) is not { } place) yield break;
        for (var layer = 0; layer < layers; layer++)
            if (Found(release, id[..place.Index] + layer.ToString(CultureInfo.InvariantCulture) + id[(place.Index + place.Length)..]) is { } sae) yield return sae;
    }

    /// <summary>Null where a release leaves a layer out.</summary>
    private static PublishedSae? Found(string release, string id)
    {
        try { return SaeRegistry.Find(release, id); }
        catch (ReferenceException) { return null; }
    }

    private static List<HookName> Chosen(List<HookName> hooks, int[]? layers)
    {
        var missing = layers?.Except(hooks.Select(h => h.Layer)).ToList() ?? [];
        return missing.Count > 0 ? throw new CliException($"There is no SAE after layer {string.Join(", ", missing)}; there are some after {string.Join(", ", hooks.Select(h => h.Layer).Order())}.")
            : layers is null ? hooks : [.. hooks.Where(h => layers.Contains(h.Layer))];
    }

    [GeneratedRegex(@"\d+")]
    private static partial Regex Digits();
}
