using System.CommandLine;
using SaeNotebooks.Hooks;
using SaeNotebooks.Saes;

namespace SaeNotebooks.Cli.Verbs;

/// <summary>The options by which commands name an SAE and what its files do not say.</summary>
internal sealed class SaeArguments
{
    /// <summary>What <c>--sae</c> takes, in words.</summary>
    public const string Kinds = "file or folder of the SAE, in any of the formats; or release:id, shipped or of the registry";

    private readonly Option<string> _sae = new("--sae") { Description = Kinds, Required = true };
    private readonly Option<string?> _model = new("--model") { Description = "name of the model that it was trained on" };
    private readonly SaeHints _hints = new();

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_sae);
        _hints.AddTo(command);
        command.Options.Add(_model);
    }

    /// <summary>What <c>--sae</c> names.</summary>
    public SaeReference Reference(ParseResult parsed) => SaeReference.Of(parsed.GetValue(_sae)!);

    /// <summary>Reads the SAE; the caller owns it.</summary>
    /// <param name="parsed">the command line</param>
    /// <param name="onlyForNumbers">whether an SAE whose hook nobody knows will do</param>
    /// <param name="cancellation">gives up a download</param>
    public Sae Load(ParseResult parsed, bool onlyForNumbers, CancellationToken cancellation) => Reference(parsed).Load(
        _hints.Options(parsed) with { HookIfUnknown = onlyForNumbers ? Hook.ResidPost(0) : (HookName?)null, Model = parsed.GetValue(_model) }, cancellation);
}
