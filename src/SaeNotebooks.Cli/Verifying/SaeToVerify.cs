using System.CommandLine;
using SaeNotebooks.Hooks;
using SaeNotebooks.Hub;
using SaeNotebooks.Saes;
using SaeNotebooks.Saes.Registry;
using SaeNotebooks.Training.Evaluation;

namespace SaeNotebooks.Cli.Verifying;

/// <summary>The options by which <c>verify</c> names an SAE: a file or folder, or a release and a name in it.</summary>
internal sealed class SaeToVerify
{
    private readonly Option<string?> _path = new("--sae") { Description = "file or folder of the SAE, in any of the formats" };
    private readonly Option<string?> _release = new("--release") { Description = "a release of the registry instead, such as gemma-scope-2b-pt-res-canonical" };
    private readonly Option<string?> _id = new("--id") { Description = "the SAE's name in the release, such as layer_20/width_16k/canonical" };
    private readonly Option<string?> _format = new("--format") { Description = "the format, where the files do not give it away" };
    private readonly Option<string?> _hook = new("--hook") { Description = "the hook that it reads, if the files do not say" };
    private readonly Option<string?> _output = new("--output-hook") { Description = "the hook that a transcoder predicts, likewise" };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _path, _release, _id, _format, _hook, _output }) command.Options.Add(option);
    }

    /// <summary>Reads the SAE, which the caller owns, and what is known to be published of it.</summary>
    /// <exception cref="CliException">neither a path nor a release, or both</exception>
    public (Sae Sae, PublishedFigures? Published) Load(ParseResult parsed, CancellationToken cancellation)
    {
        var options = new SaeOptions { Format = parsed.GetValue(_format), Hook = Parse(parsed.GetValue(_hook)), OutputHook = Parse(parsed.GetValue(_output)) };
        switch (parsed.GetValue(_path), parsed.GetValue(_release), parsed.GetValue(_id))
        {
            case ({ } path, null, null):
                var sae = SaeFile.Load(path, options);
                return (sae, Cards.Beside(path, sae));
            case (null, { } release, { } id):
                using (var hub = new HubClient())
                {
                    var published = SaeRegistry.Find(release, id);
                    return (SaeRegistry.Load(release, id, options, (repository, file) => hub.FindFile(repository, file, cancellation: cancellation)), Cards.Of(published));
                }
            default: throw new CliException("Name the SAE by --sae PATH, or by --release RELEASE and --id NAME.");
        }
    }

    private static HookName? Parse(string? text)
    {
        if (text is null) return null;
        try { return HookName.Parse(text); }
        catch (FormatException e) { throw new CliException(e.Message, e); }
    }
}
