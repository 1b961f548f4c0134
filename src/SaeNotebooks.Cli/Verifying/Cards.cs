using System.Text.Json;
using SaeNotebooks.Saes;
using SaeNotebooks.Saes.Registry;
using SaeNotebooks.Training.Evaluation;
using SaeNotebooks.Translation.Evaluation;
using SaeNotebooks.Translation.SaeQuality;

namespace SaeNotebooks.Cli.Verifying;

/// <summary>What is published of an SAE.</summary>
internal static class Cards
{
    /// <summary>The figures of an SAE that was referred to: those that its release has, or a card beside its files; null if there are none.</summary>
    public static PublishedFigures? Of(SaeReference reference, Sae sae) => reference.Published is { } published ? Of(published) : Beside(reference.Path!, sae);

    /// <summary>The figures of the card beside an SAE's folder, if there is one with its hook; another file of that name is no card.</summary>
    private static PublishedFigures? Beside(string folder, Sae sae)
    {
        var path = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(Path.TrimEndingDirectorySeparator(folder)))!, "card.json");
        if (!File.Exists(path)) return null;
        SaeCard? card;
        try { card = CardFile.FromJson<List<SaeCard>>(File.ReadAllText(path)).FirstOrDefault(c => c?.AllTokens is not null && c.Hook == sae.Config.Hook.ToString()); }
        catch (JsonException) { return null; }
        return card is null ? null : new(card.Hook, sae.Config.ModelName, card.Hook, card.L0, card.ExplainedVariance, card.AllTokens.Clean, card.AllTokens.Spliced,
            card.AllTokens.Recovered, card.Dead, AllPredictions: true, $"on {card.Tokens} tokens, without BOS", path);
    }

    /// <summary>The figures of a registered SAE: those of the shipped table under its name, or what the registry itself has.</summary>
    private static PublishedFigures? Of(PublishedSae sae)
    {
        var name = $"{sae.Release}/{sae.Id}";
        var known = PublishedFigures.Known.FirstOrDefault(p => p.Name == name);
        return known ?? (sae.L0 is null && sae.Fve is null ? null : new(name, sae.Model, sae.Hook, sae.L0, sae.Fve, Measured: "by its publishers", Source: $"{sae.Repository}/{sae.Path}"));
    }

    /// <summary>Figures of the shipped table by name.</summary>
    /// <exception cref="CliException">no such name; the message lists them</exception>
    public static PublishedFigures Named(string name) => PublishedFigures.Known.FirstOrDefault(p => p.Name == name)
        ?? throw new CliException($"There are no published figures '{name}'; known are {string.Join(", ", PublishedFigures.Known.Select(p => p.Name))}.");
}
