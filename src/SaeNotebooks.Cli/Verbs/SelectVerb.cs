using System.CommandLine;
using SaeNotebooks.Translation.Discovery;
using SaeNotebooks.Translation.Selection;
using Spectre.Console;

namespace SaeNotebooks.Cli.Verbs;

/// <summary><c>select</c>: takes the best examples of a scored pool, by several strategies and budgets, and writes them for fine-tuning.</summary>
internal static class SelectVerb
{
    private static readonly Option<string> Scores = new("--scores") { Description = "what score-pool wrote, or the authors' script", Required = true };
    private static readonly Option<string> Target = new("--target") { Description = "what prompts call the language of the translations: its code, as in the authors' prompts, or its name", Required = true };
    private static readonly Option<Strategy[]> Strategy = new("--strategies")
    {
        Description = "S0 to S3 are Random, Quality, Loss and LeastActive; MostActive is the follow-up's reverse, GateAlone the gate without latents", AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [.. Enum.GetValues<Strategy>().Where(s => s != Translation.Selection.Strategy.SameLanguages)], // a pool has one target language
    };
    private static readonly Option<double[]> Budgets = new("--budgets") { Description = "shares of the pool that are taken", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [.. new SelectionOptions().Budgets] };
    private static readonly Option<double?> Gate = new("--gate") { Description = "least COMET score that is good enough, in the pool's unit" };
    private static readonly Option<double?> GateShare = new("--gate-share") { Description = "in its place, the share of the pool that is good enough by COMET; 1 for no gate" };
    private static readonly Option<Aggregation> Aggregate = new("--aggregate") { Description = "how several latents become one number", DefaultValueFactory = _ => Aggregation.Sum };
    private static readonly Option<LossOver> Loss = new("--loss") { Description = "what S2's loss is over: the translation, or the whole text, as in the authors' script", DefaultValueFactory = _ => LossOver.Target };
    private static readonly Option<int> Seeds = CountOption.Create("--seeds", "seeds of what is random; each writes its own files", 1);
    private static readonly Option<SftFormat> Format = new("--format") { Description = "keys of a line: prompt and completion, or messages", DefaultValueFactory = _ => SftFormat.Prompt };
    private static readonly Option<string> Output = new("--out") { Description = "folder for the files", Required = true };

    /// <summary>The verb's command.</summary>
    public static Command Create()
    {
        var command = new Command("select", """
            Select training examples from a scored pool (Wu et al. 2026): a JSONL file for fine-tuning for each strategy, budget and seed, best examples first, and selection.csv,
            which says what each of them holds. The paper does not give its gate, so --gate or --gate-share is needed.
            """.ReplaceLineEndings(" ")) { Scores, Target, Strategy, Budgets, Gate, GateShare, Aggregate, Loss, Seeds, Format, Output };
        command.SetAction((parsed, _) => Task.FromResult(Run(parsed)));
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        try
        {
            var rule = new SelectionRule(GateOf(parsed)) { Aggregation = parsed.GetValue(Aggregate), Loss = parsed.GetValue(Loss) };
            var selection = new PoolSelection(ScoredPair.Read(parsed.GetValue(Scores)!), rule);
            if (selection.LeftOut.Count > 0)
                AnsiConsole.MarkupLineInterpolated($"[yellow]{selection.LeftOut.Count} examples cannot be ordered: {string.Join("; ", selection.LeftOut.Take(5))}{(selection.LeftOut.Count > 5 ? "; …" : ".")}[/]");
            AnsiConsole.MarkupLineInterpolated($"{selection.GoodEnough} of {selection.Pairs.Count} examples are good enough ({rule.Gate}).");
            var export = new SelectionExport(selection, AuthorsPrompts.Scoring, parsed.GetValue(Target)!, parsed.GetValue(Format));
            var picked = (from strategy in parsed.GetValue(Strategy)! from budget in parsed.GetValue(Budgets)! from seed in Enumerable.Range(1, parsed.GetValue(Seeds)) select new Pick(strategy, budget, seed)).ToList();
            export.Write(parsed.GetValue(Output)!, picked);
            AnsiConsole.MarkupLineInterpolated($"wrote {picked.Count} files and selection.csv in {parsed.GetValue(Output)}");
            return 0;
        }
        catch (ArgumentException e) { throw new CliException(e.Problem(), e); }
        catch (FormatException e) { throw new CliException(e.Message, e); }
    }

    private static QualityGate GateOf(ParseResult parsed) => (parsed.GetValue(Gate), parsed.GetValue(GateShare)) switch
    {
        ({ } comet, null) => QualityGate.AtLeast(comet),
        (null, { } share) => QualityGate.BestShare(share),
        (null, null) => throw new CliException("The paper does not say what is good enough: give --gate COMET or --gate-share SHARE (1 for no gate)."),
        _ => throw new CliException("--gate and --gate-share both say what is good enough; give one of them."),
    };
}
