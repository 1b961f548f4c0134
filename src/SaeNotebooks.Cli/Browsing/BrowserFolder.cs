using SaeNotebooks.Cli.Export;

namespace SaeNotebooks.Cli.Browsing;

/// <summary>Where notebooks are put that a browser works, and where pictures of it go.</summary>
internal static class BrowserFolder
{
    /// <summary>As deep as the library's own folder, to which the notebooks refer.</summary>
    public static string Of(Repository repository) => Path.Combine(repository.Root, "artifacts", "browser");

    /// <summary>The folder, with one of this program's own notebooks in it, as nobody has run it.</summary>
    public static string With(Repository repository, string notebook)
    {
        AtomicFile.Write(Path.Combine(Of(repository), notebook), WebAssets.Own(notebook));
        return Of(repository);
    }
}
