using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using SaeNotebooks.Features.Neuronpedia;
using SaeNotebooks.Hooks;
using SaeNotebooks.Hub;

namespace SaeNotebooks.Saes.Registry;

/// <summary>Brings one file of a repository to this machine.</summary>
/// <param name="repository">HuggingFace repository, for example <c>google/gemma-scope-2b-pt-res</c></param>
/// <param name="path">a file in it</param>
/// <returns>its local path, in a folder whose structure is the repository's; null if the repository has no such file</returns>
public delegate string? RepositoryFile(string repository, string path);

/// <summary>Published SAEs by the names that SAELens gives them. The list is data: <c>releases.json</c>.</summary>
public static partial class SaeRegistry
{
    private const string Resource = "SaeNotebooks.Saes.Registry.releases.json";
    private static readonly Lazy<IReadOnlyList<SaeRelease>> All = new(Read);

    /// <summary>The files that make up an SAE of a format, in its folder; the first may not be missing. A format that is not here is a single file.</summary>
    private static readonly Dictionary<string, string[]> Files = new()
    {
        ["saelens"] = ["sae_weights.safetensors", "cfg.json"],
        ["sparsify"] = ["sae.safetensors", "cfg.json", "../config.json"],
        ["gemma-scope"] = ["params.npz"],
        ["gemma-scope-2"] = ["params.safetensors", "config.json"],
        ["llama-scope"] = ["checkpoints/final.safetensors", "hyperparams.json"],
        ["llama-scope-r1"] = ["sae_weights.safetensors", "config.json"],
        ["dictionary-learning"] = ["ae.pt", "config.json"],
    };

    /// <summary>The names of the releases.</summary>
    public static IReadOnlyList<string> Releases => [.. All.Value.Select(r => r.Release).Distinct()];

    /// <summary>The names in a release; where widths and the like are open, the pattern.</summary>
    /// <exception cref="ReferenceException">no such release; the message names the nearest</exception>
    public static IReadOnlyList<string> Ids(string release) => [.. Of(release).SelectMany(r => r.Ids)];

    /// <summary>Looks an SAE up.</summary>
    /// <param name="release">for example <c>gemma-scope-2b-pt-res-canonical</c>; or a repository of the hub, for example <c>EleutherAI/sae-pythia-160m-32k</c></param>
    /// <param name="id">for example <c>layer_12/width_16k/canonical</c></param>
    /// <exception cref="ReferenceException">no such release or SAE; the message names the nearest</exception>
    public static PublishedSae Find(string release, string id)
    {
        var parts = Of(release);
        return parts.Select(p => p.Find(id)).FirstOrDefault(found => found is not null)
            ?? throw new ReferenceException($"The release '{release}' has no SAE '{id}'; did you mean {Nearest(id, parts.SelectMany(p => p.Ids))}?");
    }

    /// <summary>The SAE of a release whose name differs from another's in the layer alone; null if the release leaves that layer out, or the name has no layer.</summary>
    /// <param name="release">for example <c>gemma-scope-2b-pt-res-canonical</c></param>
    /// <param name="id">the other's name, for example <c>layer_20/width_16k/canonical</c></param>
    /// <param name="layer">the layer, counted from 0</param>
    /// <exception cref="ReferenceException">no such release, or no SAE <paramref name="id"/> in it</exception>
    public static PublishedSae? InLayer(string release, string id, int layer)
    {
        if (!HookName.TryParse(Find(release, id).Hook, out var hook) || !hook.IsInBlock) return null;
        var number = Numbers().Matches(id).FirstOrDefault(m => m.Value == hook.Layer.ToString(CultureInfo.InvariantCulture));
        return number is null ? null : Of(release).Select(part => part.Find($"{id[..number.Index]}{layer}{id[(number.Index + number.Length)..]}")).FirstOrDefault(found => found is not null);
    }

    /// <summary>Fetches an SAE and reads it; the caller owns it.</summary>
    /// <param name="release">for example <c>gemma-scope-2b-pt-res-canonical</c></param>
    /// <param name="id">for example <c>layer_12/width_16k/canonical</c></param>
    /// <param name="options">overrides</param>
    /// <param name="source">where files come from; by default the hub and its cache</param>
    /// <exception cref="ReferenceException">no such SAE, or a file that the repository does not have</exception>
    /// <exception cref="HubException">it cannot be downloaded, or must be unlocked first; the message says how</exception>
    /// <exception cref="Checkpoints.CheckpointException">damaged files</exception>
    public static Sae Load(string release, string id, SaeOptions? options = null, RepositoryFile? source = null) => Load(Find(release, id), options, source);

    internal static Sae Load(PublishedSae published, SaeOptions? options, RepositoryFile? source)
    {
        options ??= new();
        var sae = SaeFile.Load(Fetch(published, source ?? OfHub), options with
        {
            Format = options.Format ?? published.Format,
            Hook = options.Hook ?? Parsed(published.Hook),
            OutputHook = options.OutputHook ?? Parsed(published.OutputHook),
            Model = options.Model ?? published.Model,
        });
        if (NeuronpediaPages.SourceOf(published.Release, published.Id) is { } page) sae.ShownAs(page);
        return sae;
    }

    private static string? OfHub(string repository, string path)
    {
        using var hub = new HubClient();
        return hub.FindFile(repository, path);
    }

    private static string Fetch(PublishedSae sae, RepositoryFile source)
    {
        if (!Files.TryGetValue(sae.Format, out var names)) return source(sae.Repository, sae.Path) ?? throw Missing(sae, sae.Path);
        var weights = $"{sae.Path}/{names[0]}";
        var local = source(sae.Repository, weights) ?? throw Missing(sae, weights);
        foreach (var name in names.Skip(1)) source(sae.Repository, name.StartsWith("../", StringComparison.Ordinal) ? name[3..] : $"{sae.Path}/{name}");
        return Path.GetFullPath(local)[..^(names[0].Length + 1)];
    }

    private static ReferenceException Missing(PublishedSae sae, string path) => new($"The repository {sae.Repository} has no {path}, where '{sae.Id}' of '{sae.Release}' should be.");

    private static HookName? Parsed(string? hook) => hook is null ? null : (HookName?)HookName.Parse(hook);

    private static List<SaeRelease> Of(string release)
    {
        List<SaeRelease> parts = [.. All.Value.Where(r => r.Release == release || r.Repository == release)];
        return parts.Count > 0 ? parts : throw new ReferenceException($"There is no release '{release}' of SAEs; did you mean {Nearest(release, Releases)}?");
    }

    private static string Nearest(string text, IEnumerable<string> names) =>
        string.Join(" or ", names.OrderBy(n => EditDistance.Between(n, text)).ThenBy(n => n, StringComparer.Ordinal).Take(3).Select(n => $"'{n}'"));

    private static IReadOnlyList<SaeRelease> Read()
    {
        using var stream = typeof(SaeRegistry).Assembly.GetManifestResourceStream(Resource)!;
        return JsonSerializer.Deserialize<List<SaeRelease>>(stream, JsonSerializerOptions.Web)!;
    }

    [GeneratedRegex(@"\d+")]
    private static partial Regex Numbers();
}
