namespace SaeNotebooks.Cli.Setup;

/// <summary>Something a verb needs that is not part of the .NET SDK.</summary>
/// <param name="Name">how it is called to a person</param>
/// <param name="AptPackage">the Debian package that brings it</param>
/// <param name="Purpose">what it is needed for</param>
/// <param name="Elsewhere">how it is had on systems without apt; null if environment.yml brings it</param>
internal sealed record Requirement(string Name, string AptPackage, string Purpose, string? Elsewhere = null)
{
    /// <summary>The client that executes notebooks.</summary>
    public static readonly Requirement NbClient = new("nbclient", "python3-nbclient", "to execute notebooks");

    /// <summary>The client that fetches JavaScript packages; needed once.</summary>
    public static readonly Requirement Npm = new("npm", "npm", "to fetch reveal.js, KaTeX and plotly.js, once, for pages and slides");

    /// <summary>The browser that prints slides.</summary>
    public static readonly Requirement Chromium = new("Chromium", "chromium", "to print slides to PDF, and to test pages and controls",
        "Chromium or Chrome by its own installer, with its program on the PATH");

    /// <summary>An interactive server.</summary>
    public static readonly Requirement Server = new("Jupyter Lab or Notebook", "jupyter-notebook", "to open notebooks in a browser");

    /// <summary>The classic interface, which tests drive.</summary>
    public static readonly Requirement Notebook = new("Jupyter Notebook 6", "jupyter-notebook", "to test controls in a browser", NotebookElsewhere);

    /// <summary>What shows controls as widgets there.</summary>
    public static readonly Requirement Widgets = new("Jupyter's widgets", "jupyter-nbextension-jupyter-js-widgets", "to show controls as widgets in Jupyter Notebook", NotebookElsewhere);

    private const string NotebookElsewhere = "Jupyter Notebook 6 with ipywidgets 6 or 7, as Debian 12 has them";
}

/// <summary>What matters about a machine for installing things.</summary>
/// <param name="IsDebian">Debian or a descendant, with apt-get</param>
/// <param name="IsRoot">whether this process may install packages</param>
/// <param name="SystemName">the system's name, for messages</param>
internal sealed record MachineKind(bool IsDebian, bool IsRoot, string SystemName)
{
    /// <summary>This machine.</summary>
    public static MachineKind Current()
    {
        var release = File.Exists("/etc/os-release") ? File.ReadAllLines("/etc/os-release") : [];
        string Field(string key) => release.FirstOrDefault(l => l.StartsWith(key + "=", StringComparison.Ordinal))?[(key.Length + 1)..].Trim('"') ?? "";
        var debian = $"{Field("ID")} {Field("ID_LIKE")}".Split(' ').Contains("debian") && Executables.Find("apt-get") is not null;
        var name = Field("PRETTY_NAME") is { Length: > 0 } pretty ? pretty : Environment.OSVersion.ToString();
        return new MachineKind(debian, !OperatingSystem.IsWindows() && Environment.IsPrivilegedProcess, name);
    }
}
