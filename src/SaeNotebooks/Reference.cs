namespace SaeNotebooks;

/// <summary>
/// How people name a model or an SAE, the same in every command and call: a folder (anything with a separator),
/// a short name of something shipped (<c>tiny</c>), or <c>release:id</c> for one SAE of a set (<c>tiny:blocks.4.hook_resid_post</c>).
/// </summary>
/// <param name="Text">as it was written</param>
/// <param name="Folder">the folder that it means</param>
public sealed record Reference(string Text, string Folder)
{
    /// <summary>The last part of the folder's name.</summary>
    public string Name => Path.GetFileName(Path.TrimEndingDirectorySeparator(Folder));

    /// <summary>Finds a model.</summary>
    /// <param name="text">a folder or a short name</param>
    /// <exception cref="ReferenceException">nothing of that name; the message lists what there is</exception>
    public static Reference ToModel(string text) => Find(text, "models", "model");

    /// <summary>Finds one SAE.</summary>
    /// <param name="text">a folder, or <c>release:id</c></param>
    /// <exception cref="ReferenceException">nothing of that name; the message lists what there is</exception>
    public static Reference ToSae(string text)
    {
        var colon = text.IndexOf(':');
        if (IsFolder(text) || colon <= 0) return Find(text, "saes", "SAE");
        var release = Find(text[..colon], "saes", "release of SAEs");
        var id = text[(colon + 1)..];
        return Names(release.Folder).Contains(id) ? new(text, Path.Combine(release.Folder, id))
            : throw new ReferenceException($"The release '{release.Text}' has no SAE '{id}'; it has {List(release.Folder)}.");
    }

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
public sealed class ReferenceException(string message) : Exception(message);
