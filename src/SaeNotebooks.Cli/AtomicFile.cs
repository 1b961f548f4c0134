namespace SaeNotebooks.Cli;

/// <summary>Writes files so that nobody ever sees half of one.</summary>
internal static class AtomicFile
{
    /// <summary>Writes <paramref name="text"/> beside <paramref name="path"/> and moves it there.</summary>
    public static void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var partial = $"{path}.{Environment.ProcessId}.partial";
        File.WriteAllText(partial, text);
        File.Move(partial, path, overwrite: true);
    }
}
