using System.Text.Json;
using System.Text.Json.Nodes;

namespace SaeNotebooks.Cli.Setup;

/// <summary>A kernel that Jupyter knows, as its <c>kernel.json</c> describes it.</summary>
/// <param name="Name">what people choose it by</param>
/// <param name="Language">of its cells</param>
/// <param name="Command">program and arguments, in which <see cref="ConnectionFile"/> stands for the path of that file</param>
/// <param name="Environment">variables that its process is given</param>
internal sealed record InstalledKernel(string Name, string Language, IReadOnlyList<string> Command, IReadOnlyDictionary<string, string> Environment)
{
    /// <summary>The placeholder in a command.</summary>
    public const string ConnectionFile = "{connection_file}";

    /// <summary>The kernel of this repository, whether it is registered or not.</summary>
    /// <param name="dll">SaeNotebooks.Kernel.dll</param>
    public static InstalledKernel Built(string dll) => new("kernel", "C#", ["dotnet", dll, ConnectionFile], new Dictionary<string, string>());

    /// <summary>Those of others, in the order in which Jupyter lists them; none where there is no Jupyter.</summary>
    /// <param name="cancellation">ends the search</param>
    public static async Task<IReadOnlyList<InstalledKernel>> OfOthers(CancellationToken cancellation)
    {
        if (await PythonFinder.WithNbClient(cancellation) is not { } python) return [];
        var listed = await ChildProcess.Run(python, ["-m", "jupyter_client.kernelspecapp", "list", "--json"], cancellation: cancellation);
        return listed.ExitCode == 0 ? OfOthers(listed.Output) : [];
    }

    /// <summary>Those of others in what <c>jupyter kernelspec list --json</c> prints.</summary>
    /// <param name="json">an object with <c>kernelspecs</c> by name</param>
    public static IReadOnlyList<InstalledKernel> OfOthers(string json) =>
    [
        .. JsonNode.Parse(json)!["kernelspecs"]!.AsObject().Select(kernel => kernel.Value!["spec"]!)
            .Where(spec => spec["metadata"]?["implementation"]?.GetValue<string>() != "sae-csharp")
            .Select(spec => new InstalledKernel(spec["display_name"]!.GetValue<string>(), spec["language"]!.GetValue<string>(),
                spec["argv"].Deserialize<string[]>()!, spec["env"].Deserialize<Dictionary<string, string>>() ?? [])),
    ];
}
