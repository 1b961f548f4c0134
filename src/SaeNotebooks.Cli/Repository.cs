namespace SaeNotebooks.Cli;

/// <summary>Where things lie in a checkout.</summary>
/// <param name="Root">the folder that holds <c>SaeNotebooks.sln</c></param>
/// <param name="BuildFolder">the folder of the built command line, e.g. <c>artifacts/bin/SaeNotebooks.Cli/debug</c></param>
public sealed record Repository(string Root, string BuildFolder)
{
    /// <summary>The checkout around the working directory, or else the one this program was built in.</summary>
    /// <exception cref="CliException">neither is inside a checkout</exception>
    public static Repository Find() =>
        new(Enclosing(Environment.CurrentDirectory) ?? Enclosing(AppContext.BaseDirectory)
            ?? throw new CliException($"No SaeNotebooks.sln in or above '{Environment.CurrentDirectory}': run this inside a checkout."),
            Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));

    /// <summary>The committed notebooks.</summary>
    public string Notebooks => Path.Combine(Root, "notebooks");

    /// <summary>Where executed notebooks, HTML and slides go; as deep as <see cref="Notebooks"/>, so relative paths still hold.</summary>
    public string Output => Path.Combine(Root, "out");

    /// <summary>Cache of the JavaScript packages that go into HTML and slides.</summary>
    public string WebPackages => Path.Combine(Root, "artifacts", "web");

    /// <summary>A Jupyter data folder of this checkout's own, so that a run uses this build's kernel and no other.</summary>
    public string JupyterData => Path.Combine(Root, "artifacts", "jupyter");

    /// <summary>The kernel, built beside this program in the same configuration.</summary>
    public string KernelDll => Built("SaeNotebooks.Kernel", "SaeNotebooks.Kernel.dll");

    /// <summary>The notebooks that a person named, or else all committed ones in the order of their names.</summary>
    /// <exception cref="CliException">there are none</exception>
    public IReadOnlyList<string> NotebookPaths(string[]? named)
    {
        if (named is { Length: > 0 }) return named;
        string[] all = Directory.Exists(Notebooks) ? Directory.GetFiles(Notebooks, "*.ipynb") : [];
        return all.Length > 0 ? [.. all.Order(StringComparer.Ordinal)] : throw new CliException($"There are no notebooks in '{Notebooks}'.");
    }

    private string Built(string project, string file) =>
        Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(BuildFolder))!, project, Path.GetFileName(BuildFolder), file);

    private static string? Enclosing(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
            if (File.Exists(Path.Combine(at.FullName, "SaeNotebooks.sln"))) return at.FullName;
        return null;
    }
}
