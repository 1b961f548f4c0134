using System.Globalization;
using SaeNotebooks.Translation.Discovery;

namespace SaeNotebooks.Cli;

/// <summary>Latents on a command line, <c>12:2291,13:3517</c> or <c>3:117,2172</c>, where a latent without a layer is of the one before it; or the name of a file
/// with lines <c>layer,latent</c>, as the authors of the translation switch write them.</summary>
internal static class LatentList
{
    /// <summary>What the option takes, in words.</summary>
    public const string Form = "layer:latent,latent,… or a file with lines layer,latent";

    /// <summary>The latents, in their order.</summary>
    /// <exception cref="CliException">the text is neither, or names a latent twice</exception>
    public static IReadOnlyList<LatentId> Parse(string option, string text)
    {
        var latents = File.Exists(text) ? OfFile(text) : Of(text) ?? throw new CliException($"{option} is '{text}', expected {Form}, for example 12:2291,13:3517.");
        var twice = latents.CountBy(l => l).FirstOrDefault(l => l.Value > 1);
        return twice.Value > 1 ? throw new CliException($"{option} names {twice.Key} twice.") : latents;
    }

    private static List<LatentId>? Of(string text)
    {
        var latents = new List<LatentId>();
        int? layer = null;
        foreach (var item in text.Split(','))
        {
            string[] parts = item.Split(':');
            if (parts.Length == 2) layer = Number(parts[0]);
            if (parts.Length > 2 || layer is not { } l || Number(parts[^1]) is not { } latent) return null;
            latents.Add(new(l, latent));
        }
        return latents;
    }

    private static List<LatentId> OfFile(string path)
    {
        List<LatentId> latents = [.. File.ReadLines(path).Index().Where(l => l.Item.Trim().Length > 0).Select(l => l.Item.Split(',', '\t') is [var layer, var latent]
            && Number(layer.Trim()) is { } number && Number(latent.Trim()) is { } which ? new LatentId(number, which)
            : throw new CliException($"{path}, line {l.Index + 1}: expected layer,latent, for example 12,2291, found '{l.Item.Trim()}'."))];
        return latents.Count > 0 ? latents : throw new CliException($"{path} names no latents; expected lines layer,latent.");
    }

    private static int? Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
