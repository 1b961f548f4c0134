using System.CommandLine;
using SaeNotebooks.Cli.Verifying;
using SaeNotebooks.Models;
using SaeNotebooks.Saes;
using SaeNotebooks.Training.Evaluation;
using Spectre.Console;

namespace SaeNotebooks.Cli.Verbs;

/// <summary><c>verify</c>: measures an SAE anew and compares with what is published of it.</summary>
internal static class VerifyVerb
{
    /// <summary>The verb's command.</summary>
    public static Command Create()
    {
        var sae = new SaeToVerify();
        var model = new Option<string?>("--model") { Description = "short name, repository or folder of the model; by default the one that the SAE was trained on" };
        var unfit = new Option<bool>("--even-if-unfit") { Description = "measure an SAE of another family of models all the same" };
        var corpus = new Option<string>("--corpus") { Description = $"text, .jsonl or .parquet file with a key \"text\", a folder of them, or '{Corpus.Embedded}'", DefaultValueFactory = _ => Corpus.Embedded };
        var documents = CountOption.Create("--documents", "documents, or pieces of the file, at most", 800);
        var length = new Option<int?>("--length") { Description = "tokens per piece of the file; the model's context by default" };
        var published = new Option<string?>("--published") { Description = "name of the published figures; by default those of its release, or of a card beside it" };
        var bos = new Option<bool>("--with-bos") { Description = "count the first token of each prompt too" };
        var norm = LongestNormOption.Create();
        var command = new Command("verify", "Measure L0, FVE and cross-entropy of an SAE and compare them with published figures.")
            { model, unfit, corpus, documents, length, published, bos, norm };
        sae.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            var named = parsed.GetValue(published) is { } name ? Cards.Named(name) : null;
            var (loaded, known) = sae.Load(parsed, cancellation);
            using (loaded)
            using (var bench = Workbench.Open(parsed.GetValue(model) ?? ModelOf(loaded), cancellation: cancellation))
            {
                RequireFit(loaded, bench, parsed.GetValue(unfit));
                var text = Corpus.Read(parsed.GetValue(corpus)!, bench.Model, parsed.GetValue(documents), parsed.GetValue(length));
                try
                {
                    var policy = new TokenPolicy { SkipFirst = !parsed.GetValue(bos), LongestNorm = parsed.GetValue(norm) };
                    return Task.FromResult(Verify(bench.Model, loaded, text, policy, named ?? known, cancellation));
                }
                catch (ArgumentException e) { throw new CliException(e.Problem(), e); }
            }
        });
        return command;
    }

    private static string ModelOf(Sae sae) => sae.Config.ModelName is { Length: > 0 } name and not SaeConfig.UnknownModel ? name
        : throw new CliException($"The files of this SAE do not say which model it was trained on; name it with --model.");

    private static void RequireFit(Sae sae, Workbench bench, bool evenIfUnfit)
    {
        try
        {
            if (SaeFit.Check(sae, bench.Model.Config, bench.Name, evenIfUnfit) is { } note) AnsiConsole.MarkupLineInterpolated($"[yellow]{note}[/]");
        }
        catch (ArgumentException e) { throw new CliException($"{e.Problem()} The model that it was trained on is named with --model.", e); }
    }

    private static int Verify(HookedTransformer model, Sae sae, IReadOnlyList<IReadOnlyList<int>> text, TokenPolicy policy, PublishedFigures? published, CancellationToken cancellation)
    {
        var report = SaeReport.Measure(model, sae, text, policy, cancellation);
        var figures = Verification.Compare(report, published);
        Print(report, figures, published);
        return figures.Any(f => f.Agrees == false) ? 1 : 0;
    }

    private static void Print(SaeReport report, IReadOnlyList<VerifiedFigure> figures, PublishedFigures? published)
    {
        var table = new Table().AddColumns("", "measured", "published", "");
        foreach (var f in figures)
            table.AddRow(f.Measure, Number(f.Measured), f.Published is { } p ? Number(p) : "", f.Agrees switch { true => "agrees", false => "differs", _ => "" });
        AnsiConsole.MarkupLineInterpolated($"{report.Sae}, {report.Reconstruction.Tokens} tokens {report.TokensThatCount}");
        AnsiConsole.Write(table);
        if (published is not null) AnsiConsole.MarkupLineInterpolated($"published: {published.Name}; {published.Measured}; {published.Source}");
        AnsiConsole.MarkupLineInterpolated($"{Verification.Verdict(figures)}");
    }

    private static string Number(double value) => value.ToString("G5", System.Globalization.CultureInfo.InvariantCulture);
}
