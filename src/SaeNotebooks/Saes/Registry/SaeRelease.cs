using System.Globalization;
using System.Text.RegularExpressions;

namespace SaeNotebooks.Saes.Registry;

/// <summary>SAEs of one release whose names differ only in the layer and in what braces stand for; a line of <c>releases.json</c>.</summary>
/// <param name="Release">SAELens's name of the release, under which several of these may stand</param>
/// <param name="Repository">HuggingFace repository</param>
/// <param name="Model">the model that they were trained on</param>
/// <param name="Format">name of the format; see <see cref="SaeFile.Formats"/></param>
/// <param name="Id">pattern of their names, for example <c>layer_{layer}/width_16k/canonical</c></param>
/// <param name="Path">pattern of the file or folder in the repository; <c>{l0}</c> is the published L0 unless <see cref="Id"/> has it</param>
/// <param name="Hook">pattern of the hook that is read</param>
/// <param name="Layers">how many layers</param>
internal sealed record SaeRelease(string Release, string Repository, string Model, string Format, string Id, string Path, string Hook, int Layers)
{
    /// <summary>The first layer.</summary>
    public int FirstLayer { get; init; }

    /// <summary>Pattern of the hook that transcoders predict.</summary>
    public string? OutputHook { get; init; }

    /// <summary>Published mean number of active latents, by layer from <see cref="FirstLayer"/> on.</summary>
    public IReadOnlyList<double>? L0 { get; init; }

    /// <summary>Published fraction of variance explained, likewise.</summary>
    public IReadOnlyList<double>? Fve { get; init; }

    /// <summary>Every id, if the layer is all that it leaves open; else the pattern itself.</summary>
    public IEnumerable<string> Ids => Regex.Count(Id, @"\{") == 1
        ? Enumerable.Range(FirstLayer, Layers).Select(layer => Id.Replace("{layer}", Text(layer))) : [Id];

    /// <summary>The SAE of a name, or null if it is not one of these.</summary>
    public PublishedSae? Find(string id)
    {
        var pattern = Regex.Replace(Regex.Escape(Id).Replace(@"\{", "{"), @"\{(\w+)\}", m => $"(?<{m.Groups[1].Value}>{Values(m.Groups[1].Value)})");
        if (Regex.Match(id, $"^{pattern}$") is not { Success: true } match) return null;
        var layer = int.Parse(match.Groups["layer"].Value, CultureInfo.InvariantCulture);
        var index = layer - FirstLayer;
        if (index < 0 || index >= Layers) return null;
        double? l0 = match.Groups["l0"] is { Success: true } named ? double.Parse(named.Value, CultureInfo.InvariantCulture) : L0?[index];
        string Fill(string text) => Regex.Replace(text, @"\{(\w+)\}", m => m.Groups[1].Value == "l0" ? Text(l0!.Value) : match.Groups[m.Groups[1].Value].Value);
        return new(Release, id, Repository, Fill(Path), Format, Model, Fill(Hook), OutputHook is null ? null : Fill(OutputHook), l0, Fve?[index]);
    }

    private static string Values(string variable) => variable switch
    {
        "layer" or "l0" => @"\d{1,4}",
        "width" => @"\d{1,4}[km]",
        "size" => "small|medium|big",
        "affine" => "(?:_affine)?",
        _ => throw new InvalidDataException($"releases.json uses the unknown variable {{{variable}}}"),
    };

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A published SAE: where it lies, what it reads, and what its publishers measured.</summary>
/// <param name="Release">the release</param>
/// <param name="Id">its name in the release</param>
/// <param name="Repository">HuggingFace repository</param>
/// <param name="Path">file or folder in the repository</param>
/// <param name="Format">name of the format</param>
/// <param name="Model">the model that it was trained on</param>
/// <param name="Hook">TransformerLens's name of the hook that is read</param>
/// <param name="OutputHook">of the hook that a transcoder predicts, else null</param>
/// <param name="L0">published mean number of active latents per token, if known</param>
/// <param name="Fve">published fraction of variance explained, if known</param>
public sealed record PublishedSae(string Release, string Id, string Repository, string Path, string Format, string Model, string Hook, string? OutputHook, double? L0, double? Fve);
