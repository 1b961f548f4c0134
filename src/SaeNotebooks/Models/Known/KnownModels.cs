using System.Text.Json;
using System.Text.Json.Serialization;
using SaeNotebooks.Hooks;

namespace SaeNotebooks.Models.Known;

/// <summary>The models that this workbench knows by a short name: the records of <c>models.json</c>.</summary>
public static class KnownModels
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
    };

    private static readonly Lazy<IReadOnlyList<KnownModel>> Table = new(() =>
    {
        using var file = typeof(KnownModels).Assembly.GetManifestResourceStream("SaeNotebooks.Models.Known.models.json")!;
        return JsonSerializer.Deserialize<IReadOnlyList<KnownModel>>(file, Options)!;
    });

    /// <summary>All of them, families together, small ones first.</summary>
    public static IReadOnlyList<KnownModel> All => Table.Value;

    /// <summary>By short name; null if it is not known.</summary>
    public static KnownModel? Find(string name) => All.FirstOrDefault(m => m.Name == name);

    /// <summary>By repository of the hub; null if it is not known.</summary>
    public static KnownModel? OfRepository(string repository) => All.FirstOrDefault(m => m.Repository == repository);

    /// <summary>The short names that a misspelt one may have meant, nearest first; none if it is like none.</summary>
    public static IReadOnlyList<string> Nearest(string name)
    {
        var wanted = Letters(name);
        var most = Math.Max(2, wanted.Length / 3);
        return [.. All.Select(m => (m.Name, Distance: EditDistance.Between(Letters(m.Name), wanted)))
            .Where(m => m.Distance <= most).OrderBy(m => m.Distance).ThenBy(m => m.Name, StringComparer.Ordinal).Take(3).Select(m => m.Name)];
    }

    /// <summary>People remember names better than their hyphens and capitals.</summary>
    private static string Letters(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToLowerInvariant();
}
