namespace SaeNotebooks;

/// <summary>The repository's <c>data</c> folder, where shipped models and SAEs are.</summary>
public static class DataFolder
{
    /// <summary>Environment variable that names the folder, for programs that do not run inside of the repository.</summary>
    public const string Variable = "SAENOTEBOOKS_DATA";

    /// <summary>The folder: <see cref="Variable"/>, or <c>data</c> with a <c>lexicon</c> in it, in the current folder or a parent, or above the library.</summary>
    /// <exception cref="DirectoryNotFoundException">there is none</exception>
    public static string Path => Find() ?? throw new DirectoryNotFoundException(
        $"No data folder in {Environment.CurrentDirectory} or above it; run inside of the repository, or name the folder in {Variable}.");

    /// <summary>A path inside of the data folder.</summary>
    public static string Combine(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    /// <summary>The folder, or null if there is none.</summary>
    internal static string? Find() => Named() ?? Above(Environment.CurrentDirectory)
        ?? Above(System.IO.Path.GetDirectoryName(typeof(DataFolder).Assembly.Location) ?? "");

    private static string? Named()
    {
        var named = Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrEmpty(named)) return null;
        return Directory.Exists(named) ? named : throw new DirectoryNotFoundException($"{Variable} names '{named}', which is no folder.");
    }

    private static string? Above(string start)
    {
        if (start.Length == 0) return null;
        for (var at = new DirectoryInfo(start); at is not null; at = at.Parent)
            if (Directory.Exists(System.IO.Path.Combine(at.FullName, "data", "lexicon"))) return System.IO.Path.Combine(at.FullName, "data");
        return null;
    }
}
