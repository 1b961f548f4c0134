namespace SaeNotebooks.Cli.Setup;

/// <summary>Programs on the PATH.</summary>
internal static class Executables
{
    /// <summary>The path of <paramref name="name"/> on the PATH, or null.</summary>
    public static string? Find(string name)
    {
        string[] extensions = OperatingSystem.IsWindows() ? [".exe", ".cmd", ".bat"] : [""];
        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(folder => extensions.Select(e => Path.Combine(folder, name + e)))
            .FirstOrDefault(File.Exists);
    }
}
