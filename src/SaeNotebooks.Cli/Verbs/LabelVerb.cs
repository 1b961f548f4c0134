using System.CommandLine;
using SaeNotebooks.Features;
using SaeNotebooks.Features.Interpretation;
using SaeNotebooks.Features.Interpretation.Lexical;
using Spectre.Console;

namespace SaeNotebooks.Cli.Verbs;

/// <summary><c>label</c>: says in words what latents fire on, and how well the words tell it.</summary>
internal static class LabelVerb
{
    /// <summary>The verb's command.</summary>
    public static Command Create()
    {
        var index = new IndexArguments();
        var latents = new Option<string?>("--latents") { Description = "with --llm: which, for example 3,17,400-420" };
        var llm = new Option<string?>("--llm")
        {
            Description = $"explain with this language model instead of by the lexical baseline; the server is {ChatEndpointOptions.AddressVariable}, the key {ChatEndpointOptions.KeyVariable}",
        };
        var output = new Option<string?>("--out") { Description = "folder for the labels; by default beside the index, where dashboards find them" };
        var command = new Command("label", "Label the latents of an index: on which tokens, in which language and task they fire.") { latents, llm, output };
        index.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            var (which, name) = (IndexArguments.Latents(parsed.GetValue(latents)), parsed.GetValue(llm));
            if (which is null != name is null) throw new CliException("--llm and --latents go together: a language model explains the latents that you name, and the baseline labels all.");
            index.ForEach(parsed, sae => Print(name is null ? Lexical(sae, cancellation) : Explained(sae, name, which!, cancellation), sae, parsed.GetValue(output)), cancellation);
            return Task.FromResult(0);
        });
        return command;
    }

    private static LatentLabels Lexical(SaeIndex index, CancellationToken cancellation)
    {
        try { return new LexicalLabeller(index.Corpus).Label(index, cancellation); }
        catch (ArgumentException e) { throw new CliException(e.Problem(), e); }
    }

    private static LatentLabels Explained(SaeIndex index, string model, IReadOnlyList<int> latents, CancellationToken cancellation)
    {
        IndexArguments.Require(index, latents);
        try
        {
            using var endpoint = new ChatEndpoint(ChatEndpointOptions.FromEnvironment(model));
            return new Interpreter(endpoint).Interpret(index, latents, cancellation: cancellation).GetAwaiter().GetResult();
        }
        catch (LanguageModelException e) { throw new CliException(e.Message, e); }
    }

    /// <summary>Some labels of a language model do not replace the labels of all.</summary>
    private static void Print(LatentLabels labels, SaeIndex index, string? folder)
    {
        var isWhole = labels.Labels.Count == index.Width;
        var path = folder is not null ? Path.Combine(folder, $"{index.Name}.json") : isWhole ? LatentLabels.PathOf(index) : null;
        if (path is not null) labels.Save(path);
        if (!isWhole)
            foreach (var label in labels.Labels) AnsiConsole.MarkupLineInterpolated($"{label}");
        AnsiConsole.MarkupLineInterpolated($"{index.Name}: {Summary(labels)}{(path is null ? "" : $"; wrote {path}")}");
    }

    private static string Summary(LatentLabels labels)
    {
        var scored = labels.Labels.Where(l => l.Scores.Count > 0).ToList();
        if (scored.Count == 0) return $"{labels.Labels.Count} labels without a score";
        var controls = scored.Select(l => l.Scores[0].Control).OfType<double>().ToList();
        return FormattableString.Invariant($"{labels.Labels.Count} labels, {scored.Count} with a score, mean balanced accuracy {scored.Average(l => l.BalancedAccuracy!.Value):0.000}") +
            (controls.Count > 0 ? FormattableString.Invariant($", shuffled {controls.Average():0.000}") : "") +
            FormattableString.Invariant($"; {scored.Count(l => l.BalancedAccuracy >= 0.9)} at 0.9 or more, {labels.Labels.Count(l => l.Firings == 0)} latents never fire");
    }
}
