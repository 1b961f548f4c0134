using System.CommandLine;
using SaeNotebooks.Cli.Verbs;
using SaeNotebooks.Saes;
using SaeNotebooks.Training.Evaluation;

namespace SaeNotebooks.Cli.Verifying;

/// <summary>The options by which <c>verify</c> names an SAE: a file or folder, or a release and a name in it.</summary>
internal sealed class SaeToVerify
{
    private readonly Option<string?> _sae = new("--sae") { Description = SaeArguments.Kinds };
    private readonly Option<string?> _release = new("--release") { Description = "a release of the registry instead, such as gemma-scope-2b-pt-res-canonical" };
    private readonly Option<string?> _id = new("--id") { Description = "the SAE's name in the release, such as layer_20/width_16k/canonical" };
    private readonly SaeHints _hints = new();

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _sae, _release, _id }) command.Options.Add(option);
        _hints.AddTo(command);
    }

    /// <summary>Reads the SAE, which the caller owns, and what is known to be published of it.</summary>
    /// <exception cref="CliException">neither an SAE nor a release, or both</exception>
    public (Sae Sae, PublishedFigures? Published) Load(ParseResult parsed, CancellationToken cancellation)
    {
        var reference = (parsed.GetValue(_sae), parsed.GetValue(_release), parsed.GetValue(_id)) switch
        {
            ({ } sae, null, null) => SaeReference.Of(sae),
            (null, { } release, { } id) => SaeReference.OfRegistry(release, id),
            _ => throw new CliException("Name the SAE by --sae PATH or --sae RELEASE:NAME, or by --release RELEASE and --id NAME."),
        };
        var loaded = reference.Load(_hints.Options(parsed), cancellation);
        return (loaded, Cards.Of(reference, loaded));
    }
}
