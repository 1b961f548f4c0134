using System.CommandLine;
using SaeNotebooks.Hooks;
using SaeNotebooks.Saes;

namespace SaeNotebooks.Cli.Verbs;

/// <summary>The options that say what the files of an SAE do not.</summary>
internal sealed class SaeHints
{
    private readonly Option<string?> _format = new("--format") { Description = $"only where the files do not give it away: {string.Join(", ", SaeFile.Formats)}" };
    private readonly Option<string?> _hook = new("--hook") { Description = "the hook that it reads, if the files do not say; for example blocks.4.hook_resid_post" };
    private readonly Option<string?> _output = new("--output-hook") { Description = "the hook that a transcoder predicts" };
    private readonly Option<int?> _k = new("--k") { Description = "latents per token of a TopK SAE, if the files do not say" };
    private readonly Option<double?> _scale = new("--activation-scale") { Description = "√d_in / mean norm of the activations, for SAEs with normalize_activations = expected_average_only_in" };
    private readonly Option<bool> _saeLens = new("--saelens-units") { Description = "read Llama Scope as SAELens does, and not as its authors do" };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _format, _hook, _output, _k, _scale, _saeLens }) command.Options.Add(option);
    }

    /// <summary>What was said.</summary>
    /// <exception cref="CliException">a hook that does not exist</exception>
    public SaeOptions Options(ParseResult parsed) => new()
    {
        Format = parsed.GetValue(_format),
        Hook = ParseHook(parsed.GetValue(_hook)),
        OutputHook = ParseHook(parsed.GetValue(_output)),
        K = parsed.GetValue(_k),
        ActivationScale = parsed.GetValue(_scale),
        LlamaScope = parsed.GetValue(_saeLens) ? LlamaScopeConvention.SaeLens : LlamaScopeConvention.Authors,
    };

    private static HookName? ParseHook(string? text)
    {
        if (text is null) return null;
        try { return HookName.Parse(text); }
        catch (FormatException e) { throw new CliException(e.Message, e); }
    }
}
