using System.CommandLine;
using SaeNotebooks.Hub;
using SaeNotebooks.Models.Known;

namespace SaeNotebooks.Cli.Verbs;

/// <summary><c>download</c>: brings a model, or files of any repository, into the hub's cache, for later or for work without a network.</summary>
internal static class DownloadVerb
{
    /// <summary>The verb's command.</summary>
    public static Command Create()
    {
        var known = string.Join(", ", KnownModels.All.Where(m => m.Repository is not null).Select(m => m.Name));
        var name = new Argument<string>("name") { Description = $"a repository of the hub (org/name or org/name@revision), or one of {known}" };
        var files = new Option<string[]>("--files")
        {
            Description = "files or patterns such as \"*.json\"; by default what a language model needs to run",
            AllowMultipleArgumentsPerToken = true,
        };
        var command = new Command("download", "Download a model or other files into the cache of Python's huggingface_hub and print their folder.") { name, files };
        command.SetAction(async (parsed, cancellation) =>
        {
            Console.WriteLine(await Download(parsed.GetValue(name)!, parsed.GetValue(files) ?? [], cancellation));
            return 0;
        });
        return command;
    }

    private static async Task<string> Download(string text, string[] patterns, CancellationToken cancellation)
    {
        if (patterns.Length == 0) return await Task.Run(() => Reference.ToModel(text, cancellation).Folder, cancellation);
        if ((KnownModels.Find(text)?.Repository ?? text) is var repository && !HubName.TryParse(repository, out var named))
            throw new CliException($"'{text}' is no repository of the hub, which is written org/name, and no model that is known by that name.");
        using var hub = new HubClient();
        return await hub.DownloadAsync(named.Repository, patterns, named.Revision, cancellation);
    }
}
