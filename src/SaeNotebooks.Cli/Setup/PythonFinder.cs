namespace SaeNotebooks.Cli.Setup;

/// <summary>Finds the Python that Jupyter is installed for, which need not be the <c>python3</c> that a shell finds first.</summary>
internal static class PythonFinder
{
    /// <summary>The first interpreter that has nbclient, or null.</summary>
    public static async Task<string?> WithNbClient(CancellationToken cancellation)
    {
        foreach (var python in Candidates().Where(File.Exists).Distinct())
            if ((await ChildProcess.Run(python, ["-c", "import nbclient, nbformat"], cancellation: cancellation)).ExitCode == 0) return python;
        return null;
    }

    private static IEnumerable<string> Candidates()
    {
        if (Environment.GetEnvironmentVariable("CONDA_PREFIX") is { Length: > 0 } conda)
            yield return Path.Combine(conda, OperatingSystem.IsWindows() ? "python.exe" : "bin/python");
        if (Executables.Find("jupyter") is { } jupyter && Interpreter(jupyter) is { } interpreter) yield return interpreter;
        yield return "/usr/bin/python3";
        foreach (var name in new[] { "python3", "python" })
            if (Executables.Find(name) is { } found) yield return found;
    }

    /// <summary>The program named by a script's <c>#!</c> line.</summary>
    private static string? Interpreter(string script)
    {
        using var reader = new StreamReader(script);
        var line = new char[256];
        var text = new string(line, 0, reader.ReadBlock(line)).Split('\n')[0];
        return text.StartsWith("#!/", StringComparison.Ordinal) ? text[2..].Trim().Split(' ')[0] : null;
    }
}
