using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SaeNotebooks.Kernel.Installation;

/// <summary>Tells Jupyter about this kernel.</summary>
public static class KernelSpec
{
    /// <summary>The kernel's own name.</summary>
    public const string OwnName = "sae-csharp";

    /// <summary>The name that Polyglot notebooks ask for.</summary>
    public const string PolyglotName = ".net-csharp";

    private const string ToolCommand = "sae-csharp-kernel";
    private static readonly JsonSerializerOptions Readable =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The folder in which Jupyter looks for this user's kernels.</summary>
    public static string DefaultFolder
    {
        get
        {
            if (Environment.GetEnvironmentVariable("JUPYTER_DATA_DIR") is { Length: > 0 } data) return Path.Combine(data, "kernels");
            var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            if (OperatingSystem.IsWindows())
                return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData), "jupyter", "kernels");
            if (OperatingSystem.IsMacOS()) return Path.Combine(home, "Library", "Jupyter", "kernels");
            var shared = Environment.GetEnvironmentVariable("XDG_DATA_HOME");
            return Path.Combine(string.IsNullOrEmpty(shared) ? Path.Combine(home, ".local", "share") : shared, "jupyter", "kernels");
        }
    }

    /// <summary>
    /// Writes the kernel's specifications, replacing earlier ones of this kernel. A <see cref="PolyglotName"/> of .NET Interactive's
    /// or anybody else's stays as it is.
    /// </summary>
    /// <param name="kernelsFolder">Jupyter's "kernels" folder; created if missing.</param>
    /// <returns>One line per name: what was done.</returns>
    public static IReadOnlyList<string> Install(string kernelsFolder) =>
        [Write(kernelsFolder, OwnName, "C# (SaeNotebooks)"), Write(kernelsFolder, PolyglotName, ".NET (C#)")];

    private static string Write(string kernelsFolder, string name, string displayName)
    {
        var folder = Path.Combine(kernelsFolder, name);
        var file = Path.Combine(folder, "kernel.json");
        if (File.Exists(file) && !IsOurs(file)) return $"Left {name} as it is: {file} belongs to another kernel.";
        Directory.CreateDirectory(folder);
        var unfinished = file + ".new";
        try
        {
            File.WriteAllText(unfinished, Specification(displayName).ToJsonString(Readable));
            File.Move(unfinished, file, overwrite: true);
        }
        finally { File.Delete(unfinished); }
        return $"Registered {name} in {folder}.";
    }

    // As a tool, the kernel has a command that stays where it is when the tool is updated.
    private static IEnumerable<string> Command() => Environment.ProcessPath is { } program && Path.GetFileNameWithoutExtension(program) == ToolCommand
        ? [program]
        : ["dotnet", typeof(KernelSpec).Assembly.Location];

    private static JsonObject Specification(string displayName) => new()
    {
        ["argv"] = new JsonArray([.. Command().Append("{connection_file}").Select(part => (JsonNode)part)]),
        ["display_name"] = displayName,
        ["language"] = "C#",
        ["interrupt_mode"] = "message",
        ["metadata"] = new JsonObject { ["implementation"] = OwnName },
    };

    private static bool IsOurs(string file)
    {
        try
        {
            return (string?)JsonNode.Parse(File.ReadAllText(file))?["metadata"]?["implementation"] == OwnName;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}
