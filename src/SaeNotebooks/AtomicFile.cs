namespace SaeNotebooks;

/// <summary>Writes text files so that nobody ever sees half of one, even where the disk is full.</summary>
internal static class AtomicFile
{
    /// <summary>Writes <paramref name="text"/> beside <paramref name="path"/>, whose folder is made if need be, and moves it there.</summary>
    public static void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var partial = $"{path}.{Environment.ProcessId}.{Guid.NewGuid():N}.partial";
        try
        {
            File.WriteAllText(partial, text);
            File.Move(partial, path, overwrite: true);
        }
        finally { File.Delete(partial); }
    }
}
