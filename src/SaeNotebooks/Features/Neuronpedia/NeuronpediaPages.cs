using System.Text.Json;
using System.Text.RegularExpressions;
using SaeNotebooks.Saes;

namespace SaeNotebooks.Features.Neuronpedia;

/// <summary>Where Neuronpedia shows the latents of released SAEs. Which releases it has is data: <c>neuronpedia.json</c>.</summary>
public static class NeuronpediaPages
{
    private const string Site = "https://www.neuronpedia.org", Resource = "SaeNotebooks.Features.Neuronpedia.neuronpedia.json";
    private static readonly Lazy<IReadOnlyList<Entry>> All = new(Read);

    /// <summary>The name of a released SAE there, such as <c>gemma-2-2b/12-gemmascope-res-16k</c>; null if it is not known to be there.</summary>
    /// <param name="release">SAELens's name of the release</param>
    /// <param name="id">the SAE's name in it</param>
    public static string? SourceOf(string release, string id) => All.Value.Where(e => e.Release == release).Select(e => e.SourceOf(id)).FirstOrDefault(s => s is not null);

    /// <summary>The page of a latent; null unless its SAE was loaded by the name of a release that is known to be there, or its file names it.</summary>
    /// <param name="sae">the SAE</param>
    /// <param name="latent">from 0</param>
    public static Uri? Of(Sae sae, int latent) => sae.Config.NeuronpediaId is { } source ? Of(source, latent) : null;

    /// <summary>The page of a latent.</summary>
    /// <param name="source">model and SAE, such as <c>gpt2-small/8-res-jb</c></param>
    /// <param name="latent">from 0</param>
    public static Uri Of(string source, int latent) => new($"{Site}/{string.Join('/', source.Split('/').Select(Uri.EscapeDataString))}/{latent}");

    private static IReadOnlyList<Entry> Read()
    {
        using var stream = typeof(NeuronpediaPages).Assembly.GetManifestResourceStream(Resource)!;
        return JsonSerializer.Deserialize<List<Entry>>(stream, JsonSerializerOptions.Web)!;
    }

    /// <summary>SAEs of a release; in both patterns a word in braces stands for the same number.</summary>
    private sealed record Entry(string Release, string Id, string Page)
    {
        public string? SourceOf(string id)
        {
            var pattern = Regex.Replace(Regex.Escape(Id).Replace(@"\{", "{"), @"\{(\w+)\}", @"(?<$1>\d+)");
            var match = Regex.Match(id, $"^{pattern}$");
            return match.Success ? Regex.Replace(Page, @"\{(\w+)\}", m => match.Groups[m.Groups[1].Value].Value) : null;
        }
    }
}
