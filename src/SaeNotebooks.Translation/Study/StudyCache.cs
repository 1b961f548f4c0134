using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using SaeNotebooks.Translation.Evaluation;

namespace SaeNotebooks.Translation.Study;

/// <summary>
/// Finished parts of a study on disk, one file each, so that an interrupted study goes on where it was. A part is used again if model, SAEs and the options
/// that it depends on are the same; else it is made anew.
/// </summary>
/// <param name="folder">made if it is missing; null keeps nothing</param>
/// <param name="subject">fingerprint of model, SAEs and task</param>
internal sealed class StudyCache(string? folder, string subject)
{
    /// <summary>The part from disk, or made now and kept.</summary>
    /// <param name="part">its name, which may have folders: <c>answers/L3-117-x0</c></param>
    /// <param name="depends">what decides its result, besides the subject</param>
    /// <param name="make">makes it</param>
    public T Get<T>(string part, object depends, Func<T> make) where T : class
    {
        var fingerprint = Digest(subject, JsonSerializer.Serialize(depends));
        var path = folder is null ? null : Path.Combine(folder, part + ".json");
        if (path is not null && Read<T>(path, fingerprint) is { } known) return known;
        var made = make();
        if (path is not null) CardFile.WriteWhole(path, CardFile.ToJson(new Part<T>(fingerprint, made)));
        return made;
    }

    /// <summary>16 hexadecimal digits that stand for some texts.</summary>
    public static string Digest(params IEnumerable<string> texts) =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', texts))))[..16].ToLowerInvariant();

    private static T? Read<T>(string path, string fingerprint) where T : class
    {
        if (!File.Exists(path)) return null;
        try { return CardFile.FromJson<Part<T>>(File.ReadAllText(path)) is var part && part.Fingerprint == fingerprint ? part.Value : null; }
        catch (JsonException) { return null; } // of another version of this program, or damaged: made anew
    }

    private sealed record Part<T>(string Fingerprint, T Value);
}
