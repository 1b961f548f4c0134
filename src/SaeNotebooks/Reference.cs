using SaeNotebooks.Hub;
using SaeNotebooks.Models.Known;
using SaeNotebooks.Saes;
using SaeNotebooks.Saes.Registry;

namespace SaeNotebooks;

/// <summary>
/// How people name a model or an SAE, the same in every command and call: a folder (anything with a separator),
/// a short name of something shipped (<c>tiny</c>) or known (<c>gemma-2-2b</c>, see <see cref="KnownModels"/>), a repository of the hub
/// (<c>org/name</c>, <c>org/name@revision</c>; a folder of that name comes first), or <c>release:id</c> for one SAE of a set
/// (<c>tiny:blocks.4.hook_resid_post</c>, <c>gemma-scope-2b-pt-res-canonical:layer_20/width_16k/canonical</c>, <c>org/name:folder</c>).
/// </summary>
/// <param name="Text">as it was written</param>
/// <param name="Folder">the folder that it means</param>
public sealed record Reference(string Text, string Folder)
{
    /// <summary>Short name: of a folder its last part, of a known model its name, of a repository the part after the slash.</summary>
    public string Name { get; private init; } = Path.GetFileName(Path.TrimEndingDirectorySeparator(Folder));

    /// <summary>What is known of an SAE besides its files; null where nothing is.</summary>
    public SaeOptions? SaeOptions { get; private init; }

    /// <summary>What is known of the model; null of one that is not known.</summary>
    public KnownModel? Known { get; private init; }

    /// <summary>Finds a model, and downloads it if it is of the hub and not in the hub's cache.</summary>
    /// <param name="text">a folder, a short name or a repository of the hub</param>
    /// <param name="cancellation">gives up a download; the next one goes on from there</param>
    /// <exception cref="ReferenceException">nothing of that name; the message names the nearest</exception>
    /// <exception cref="HubException">it cannot be had from the hub; the message says why and what to do</exception>
    public static Reference ToModel(string text, CancellationToken cancellation = default)
    {
        if (!IsFolder(text))
            return IsShipped(text, "models") ? Find(text, "models", "model") with { Known = KnownModels.Find(text) }
                : KnownModels.Find(text) is { HubName: { } known } ? Download(text, known, cancellation)
                : throw NoModel(text);
        if (!Directory.Exists(text) && HubName.TryParse(text, out var name)) return Download(text, name, cancellation);
        return Find(text, "models", "model");
    }

    /// <summary>Finds one SAE, and downloads it if it is of the hub and not in the hub's cache.</summary>
    /// <param name="text">a folder or file; or <c>release:id</c>, where the release is shipped, or known by SAELens's name (see
    /// <see cref="SaeRegistry"/>), or a repository of the hub of which the id is a folder</param>
    /// <param name="cancellation">gives up a download; the next one goes on from there</param>
    /// <exception cref="ReferenceException">nothing of that name; the message lists what there is, or names the nearest</exception>
    /// <exception cref="HubException">it cannot be had from the hub; the message says why and what to do</exception>
    public static Reference ToSae(string text, CancellationToken cancellation = default)
    {
        var colon = text.IndexOf(':');
        if (colon <= 0 || Path.IsPathRooted(text) || text.StartsWith('.') || Directory.Exists(text)) return Find(text, "saes", "SAE");
        var (release, id) = (text[..colon], text[(colon + 1)..]);
        if (IsShipped(release, "saes")) return OfShipped(text, Find(release, "saes", "release of SAEs"), id);
        if (SaeRegistry.Releases.Contains(release))
        {
            var (path, options) = SaeRegistry.Locate(release, id);
            return new(text, path) { SaeOptions = options };
        }
        return HubName.TryParse(release, out var repository) ? OfRepository(text, repository, id, cancellation) : Find(release, "saes", "release of SAEs");
    }

    private static Reference OfShipped(string text, Reference release, string id) =>
        Names(release.Folder).Contains(id) ? new(text, Path.Combine(release.Folder, id))
            : throw new ReferenceException($"The release '{release.Text}' has no SAE '{id}'; it has {List(release.Folder)}.");

    private static Reference OfRepository(string text, HubName name, string id, CancellationToken cancellation)
    {
        using var hub = new HubClient();
        var folder = Path.Combine(hub.Download(name.Repository, [$"{id}/*"], name.Revision, cancellation), id);
        return Directory.Exists(folder) ? new(text, folder) : throw new ReferenceException($"The repository {name.Repository} has no folder '{id}'.");
    }

    private static Reference Download(string text, HubName name, CancellationToken cancellation)
    {
        using var hub = new HubClient();
        var known = KnownModels.OfRepository(name.Repository);
        try { return new(text, hub.DownloadModel(name, cancellation)) { Name = known?.Name ?? name.Repository.Split('/')[^1], Known = known }; }
        catch (HubException e) when (e.Problem == HubProblem.NoRepository && IsFolder(text))
        {
            throw new ReferenceException($"There is no folder '{text}' here. {e.Message}", e);
        }
    }

    private static ReferenceException NoModel(string text)
    {
        var shipped = DataFolder.Find() is { } data ? List(Path.Combine(data, "models")) : "none";
        if (string.IsNullOrWhiteSpace(text)) return new($"Name a model: a folder, a repository of the hub (org/name), or one of {shipped}, {string.Join(", ", OfHub)}.");
        var nearest = KnownModels.Nearest(text);
        var known = nearest.Count > 0 ? $"did you mean {string.Join(" or ", nearest)}?" : $"known on the hub are {string.Join(", ", OfHub)}.";
        return new($"There is no model '{text}'; shipped are {shipped}; {known} " +
            $"A folder is written with a separator, such as ./{text}, and a repository of the hub org/name.");
    }

    private static IEnumerable<string> OfHub => KnownModels.All.Where(m => m.Repository is not null).Select(m => m.Name);

    private static bool IsShipped(string text, string kind) => DataFolder.Find() is { } data && Names(Path.Combine(data, kind)).Contains(text);

    private static Reference Find(string text, string kind, string noun)
    {
        if (string.IsNullOrWhiteSpace(text)) throw new ReferenceException($"Name a {noun}: a folder, or one of {List(DataFolder.Combine(kind))}.");
        if (IsFolder(text))
            return Directory.Exists(text) ? new(text, Path.GetFullPath(text)) : throw new ReferenceException($"There is no folder '{text}'.");
        var shipped = DataFolder.Combine(kind);
        return Names(shipped).Contains(text) ? new(text, Path.Combine(shipped, text))
            : throw new ReferenceException($"There is no {noun} '{text}'; shipped are {List(shipped)}. A folder is written with a separator, such as ./{text}.");
    }

    private static bool IsFolder(string text) => text.Contains('/') || text.Contains(Path.DirectorySeparatorChar) || Path.IsPathRooted(text);

    private static string List(string folder) => Names(folder) is { Count: > 0 } names ? string.Join(", ", names) : "none";

    private static List<string> Names(string folder) =>
        Directory.Exists(folder) ? [.. Directory.GetDirectories(folder).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)] : [];
}

/// <summary>A model or an SAE was asked for by a name that means nothing.</summary>
public sealed class ReferenceException(string message, Exception? cause = null) : Exception(message, cause);
