using SaeNotebooks.Checkpoints;
using SaeNotebooks.Runtime;
using SaeNotebooks.Saes.Formats;

namespace SaeNotebooks.Saes;

/// <summary>The one door through which published SAEs come in, whatever their format.</summary>
public static class SaeFile
{
    /// <summary>The names of the formats that are read.</summary>
    public static IReadOnlyList<string> Formats => [.. SaeFormats.All.Select(f => f.Name)];

    /// <summary>Reads an SAE or a transcoder; the caller owns it.</summary>
    /// <param name="path">a file of tensors or a configuration, the folder of an SAE, or a folder with one SAE somewhere in it</param>
    /// <param name="options">what the files do not say</param>
    /// <exception cref="CheckpointException">no SAE of a known format, damaged or contradictory files, or something that they do not say</exception>
    public static Sae Load(string path, SaeOptions? options = null)
    {
        NativeRuntime.EnsureLoaded();
        options ??= new();
        if (!File.Exists(path) && !Directory.Exists(path)) throw new CheckpointException(path, null, "there is no such file or folder");
        if (File.Exists(path) && Path.GetExtension(path) == ".json") path = Path.GetDirectoryName(Path.GetFullPath(path))!; // its configuration stands for an SAE
        using var location = SaeLocation.Open(path);
        var format = options.Format is { } name ? SaeFormats.Named(name) : SaeFormats.Of(location);
        if (format is not null) return Read(format, location, options);
        var inside = Inside(path, options);
        return inside.Count == 1 ? Load(inside[0], options) : throw new CheckpointException(path, null, inside.Count == 0
            ? $"no SAE is recognised here; formats that are read: {string.Join(", ", Formats)}; name one if you know it"
            : $"holds {inside.Count} SAEs; name one of {string.Join(", ", inside.Take(8).Select(f => Path.GetRelativePath(path, f)))}{(inside.Count > 8 ? ", …" : "")}");
    }

    private static Sae Read(ISaeFormat format, SaeLocation location, SaeOptions options)
    {
        try
        {
            var sae = format.Load(location, options);
            try { SquareCheck.RequireEncoderUpright(sae, location.Path); }
            catch
            {
                sae.Dispose();
                throw;
            }
            return sae;
        }
        catch (ArgumentException e)
        {
            throw new CheckpointException(location.Path, null, $"as {format.Name}: {e.Message}", e);
        }
    }

    /// <summary>The SAEs in a folder that is none itself: folders, and files that lie in no such folder.</summary>
    private static List<string> Inside(string path, SaeOptions options)
    {
        if (!Directory.Exists(path)) return [];
        List<string> folders = [.. Directory.EnumerateDirectories(path, "*", SearchOption.AllDirectories).Where(IsSae)];
        var files = Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories)
            .Where(f => SaeLocation.IsTensorFile(f) && !folders.Any(folder => f.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal)) && IsSae(f));
        return [.. folders.Concat(files).Order(StringComparer.Ordinal)];

        bool IsSae(string place)
        {
            using var location = SaeLocation.Open(place);
            return SaeFormats.Of(location) is { } format && (options.Format is null || format.Name == options.Format);
        }
    }
}
