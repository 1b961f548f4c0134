using SaeNotebooks.Cli.Notebooks;
using SaeNotebooks.Models.Known;

namespace SaeNotebooks.Cli.Rehearsing;

/// <summary>One run of a notebook, or of its cells again.</summary>
/// <param name="Settings">what its parameters were set to, <c>name=value</c> each; none as written</param>
/// <param name="Cells">what became of its cells</param>
internal sealed record Trial(IReadOnlyList<string> Settings, IReadOnlyList<RehearsedCell> Cells)
{
    /// <summary>The cells that failed.</summary>
    public IReadOnlyList<RehearsedCell> Failed => [.. Cells.Where(c => c.Error is not null)];

    /// <summary>The cells that do not apply.</summary>
    public IReadOnlyList<RehearsedCell> Skipped => [.. Cells.Where(c => c.Skipped is not null)];

    /// <summary>A line for each cell that failed.</summary>
    public IEnumerable<string> Complaints(string notebook) => Failed.Select(c => $"{Of(notebook)}, cell {c.Cell.Number} '{c.Cell.FirstLine}': {c.Error}");

    /// <summary>A line for each reason for which cells do not apply, with these cells.</summary>
    public IReadOnlyList<string> Remarks(string notebook) =>
        [.. Skipped.GroupBy(c => c.Skipped).Select(g => $"{Of(notebook)}, cell{(g.Count() == 1 ? "" : "s")} {string.Join(", ", g.Select(c => c.Cell.Number))}: {g.Key}")];

    private string Of(string notebook) => $"{notebook}{(Settings.Count == 0 ? "" : $" with {string.Join(", ", Settings)}")}";

    /// <summary>Runs a notebook with one setting of its parameters after the other, in one kernel: as one who changes the cell and runs all again.</summary>
    /// <param name="repository">where the kernel is</param>
    /// <param name="notebook">the notebook</param>
    /// <param name="settings">the settings</param>
    /// <param name="cancellation">ends it between two cells</param>
    /// <param name="environment">variables of the kernel's process</param>
    public static IReadOnlyList<Trial> Of(Repository repository, NotebookFile notebook, IEnumerable<IReadOnlyList<string>> settings, CancellationToken cancellation,
        IReadOnlyDictionary<string, string>? environment = null)
    {
        using var rehearsal = new Rehearsal(repository, FolderOf(notebook), environment);
        return [.. settings.Select(setting => new Trial(setting, rehearsal.Run(NotebookParameters.Apply(notebook, setting), cancellation)))];
    }

    /// <summary>Runs a notebook as written, and then every cell again, the last one first.</summary>
    public static (Trial Once, Trial Again) Backwards(Repository repository, NotebookFile notebook, CancellationToken cancellation)
    {
        using var rehearsal = new Rehearsal(repository, FolderOf(notebook));
        var once = new Trial([], rehearsal.Run(notebook, cancellation));
        return (once, new([], once.Failed.Count > 0 ? [] : rehearsal.RunBackwards(notebook, cancellation)));
    }

    /// <summary>Runs a notebook with the solution of every exercise put into it.</summary>
    public static Trial Solved(Repository repository, NotebookFile notebook, CancellationToken cancellation) => Of(repository, Solutions.Apply(notebook), [[]], cancellation)[0];

    /// <summary>A line for each of a notebook's solutions that its check does not call right.</summary>
    public IEnumerable<string> NotRight(NotebookFile notebook) => Solutions.Of(notebook).Select(s => Cells.FirstOrDefault(c => c.Cell.Number == s.Exercise.Number))
        .Where(c => c is not null && c.Error is null && !Solutions.IsRight(c.Answer)).Select(c => $"{notebook.Name}, cell {c!.Cell.Number}, with its solution: {c.Answer}");

    /// <summary>Runs a notebook, in its quick setting, on each model of a hub; none if the notebook is not about a model that can be chosen.</summary>
    public static IReadOnlyList<Trial> OnModels(Repository repository, NotebookFile notebook, IEnumerable<string> models, TinyHub hub, CancellationToken cancellation) =>
        !IsOnModels(notebook) ? [] : Of(repository, notebook, models.Select(model => Choosing(notebook, model)), cancellation, hub.Environment);

    /// <summary>Whether a notebook is about a model that can be chosen, or about an SAE of one.</summary>
    public static bool IsOnModels(NotebookFile notebook) => NotebookParameters.Has(notebook, ModelName) || NotebookParameters.Has(notebook, SaeModel);

    private const string ModelName = "modelName", SaeModel = "saeModel", SaeName = "saeName";

    private static string[] Choosing(NotebookFile notebook, string model) =>
    [
        .. NotebookParameters.Quick(notebook),
        .. NotebookParameters.Has(notebook, ModelName) ? [$"{ModelName}={model}"] : new[] { $"{SaeModel}={model}", $"{SaeName}={KnownModels.Find(model)?.Sae}" },
    ];

    private static string FolderOf(NotebookFile notebook) => Path.GetDirectoryName(Path.GetFullPath(notebook.Path))!;
}
