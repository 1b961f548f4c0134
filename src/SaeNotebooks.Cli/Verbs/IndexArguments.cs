using System.CommandLine;
using SaeNotebooks.Features;
using SaeNotebooks.Harvest;
using SaeNotebooks.Hooks;

namespace SaeNotebooks.Cli.Verbs;

/// <summary>The options by which commands name an SAE in an index.</summary>
internal sealed class IndexArguments
{
    private readonly Option<string> _model = new("--model") { Description = "short name or folder of the model", DefaultValueFactory = _ => "tiny" };
    private readonly Option<string?> _index = new("--index") { Description = "folder of an index that harvest made; by default that of the embedded model, which is made if need be" };
    private readonly Option<string?> _hook = new("--hook") { Description = "the hook of the SAE, for example blocks.4.hook_resid_post" };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _model, _index, _hook }) command.Options.Add(option);
    }

    /// <summary>Opens the model and the SAEs asked for: all of the index, or that of the hook. SAEs of another origin than the model's folder come without
    /// their weights.</summary>
    /// <param name="parsed">the command line</param>
    /// <param name="use">is given each</param>
    /// <param name="cancellation">gives up a download</param>
    public void ForEach(ParseResult parsed, Action<SaeIndex> use, CancellationToken cancellation)
    {
        var hook = parsed.GetValue(_hook) is { } text ? Parsed(text) : (HookName?)null;
        if (parsed.GetValue(_index) is { } folder)
        {
            using var index = FeatureIndex.Open(folder);
            foreach (var sae in index.Header.Saes.Where(s => hook is null || s.Hook == hook.ToString())) use(index[sae.Name]);
            if (hook is { } asked && index.Header.Saes.All(s => s.Hook != asked.ToString())) _ = index[asked]; // says what there is
            return;
        }
        using var bench = Workbench.Open(parsed.GetValue(_model)!, cancellation: cancellation);
        foreach (var at in hook is { } one ? [one] : bench.SaeHooks) use(bench.Index(at));
    }

    /// <summary>Latents from a list such as <c>3,17,400-420</c>; null for all.</summary>
    /// <exception cref="CliException">not such a list</exception>
    public static IReadOnlyList<int>? Latents(string? text) => text is null ? null : [.. text.Split(',').SelectMany(part =>
    {
        var ends = part.Split('-');
        return ends.Length <= 2 && int.TryParse(ends[0], out var from) && int.TryParse(ends[^1], out var to) && from >= 0 && to >= from
            ? Enumerable.Range(from, to - from + 1)
            : throw new CliException($"'{part}' is no latent and no range of latents; write them like 3,17,400-420.");
    }).Distinct()];

    /// <summary>Refuses latents that an SAE has not got.</summary>
    /// <exception cref="CliException">there is one</exception>
    public static void Require(SaeIndex index, IReadOnlyList<int>? latents)
    {
        if (latents?.FirstOrDefault(l => l >= index.Width, -1) is { } absent and >= 0)
            throw new CliException($"There is no latent {absent} at {index.Hook}; the SAE has latents 0 to {index.Width - 1}.");
    }

    private static HookName Parsed(string text)
    {
        try { return HookName.Parse(text); }
        catch (FormatException e) { throw new CliException(e.Message, e); }
    }
}
