using SaeNotebooks.Hooks;
using SaeNotebooks.Saes;
using SaeNotebooks.Translation.Discovery;

namespace SaeNotebooks.Cli;

/// <summary>The SAEs that <c>train-sae</c> has written into a folder, in memory. Owns them.</summary>
internal sealed class OpenedSaes : IDisposable
{
    private readonly List<Sae> _saes;

    private OpenedSaes(List<Sae> saes) => (_saes, Saes) = (saes, SaeSource.Of(saes));

    /// <summary>The SAEs.</summary>
    public SaeSource Saes { get; }

    /// <param name="folder">has a folder for each, named after its hook; if it is missing there are none</param>
    public static OpenedSaes In(string folder) => new(!Directory.Exists(folder) ? []
        : [.. Directory.GetDirectories(folder).Where(f => HookName.TryParse(Path.GetFileName(f), out _)).Order(StringComparer.Ordinal).Select(f => SaeFile.Load(f))]);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var sae in _saes) sae.Dispose();
    }
}
