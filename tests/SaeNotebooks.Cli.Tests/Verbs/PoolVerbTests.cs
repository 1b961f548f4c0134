using System.Text.Json;
using SaeNotebooks.Cli.Verbs;
using SaeNotebooks.Translation.Selection;
using Spectre.Console;

namespace SaeNotebooks.Cli.Tests.Verbs;

public sealed class PoolVerbTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pool-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string In(string name) => Path.Combine(_folder, name);

    private string Write(string name, string text)
    {
        File.WriteAllText(In(name), text);
        return In(name);
    }

    private static async Task<(int Code, string Says)> Run(params string[] arguments)
    {
        var (said, console) = (new StringWriter(), AnsiConsole.Console);
        AnsiConsole.Console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(said) });
        try { return (await CommandLine.Run(arguments, [ScorePoolVerb.Create(), SelectVerb.Create()]), said.ToString()); }
        finally { AnsiConsole.Console = console; }
    }

    [Fact]
    public async Task A_pool_is_scored_and_selected_from()
    {
        var pool = Write("en2fr.tsv", "The dog sees a cat.\tLe chien voit un chat.\t80\nbroken\nThe cow eats.\tLa vache mange.\t90\nThe boy sings.\tchien chien chien\t10\n");
        var latents = Write("latents.txt", "3,117\n4,5\n\n");
        var (code, says) = await Run("score-pool", "--model", "tiny", "--pool", pool, "--latents", latents, "--out", In("scores.json"));
        Assert.True(code == 0, says);
        Assert.Contains("en2fr.tsv: 3 examples into fr, 1 broken line left out: en2fr.tsv, line 2: it has 1 cells where 3 are expected.", says);
        var pairs = ScoredPair.Read(In("scores.json"));
        Assert.Equal([1, 3, 4], pairs.Select(p => p.Line!.Value));
        Assert.All(pairs, p => Assert.Equal(["3_117", "4_5"], p.SaeActivations.Keys));
        Assert.Equal([In("en2fr.tsv"), In("latents.txt"), In("scores.json")], Directory.GetFileSystemEntries(_folder).Order());

        (code, says) = await Run("select", "--scores", In("scores.json"), "--target", "fr", "--gate", "50", "--strategies", "Quality", "LeastActive", "--budgets", "0.34", "1", "--out", In("chosen"));
        Assert.True(code == 0, says);
        Assert.Contains("2 of 3 examples are good enough (COMET at least 50).", says);
        Assert.Equal(["LeastActive-100-1.jsonl", "LeastActive-34-1.jsonl", "Quality-100-1.jsonl", "Quality-34-1.jsonl", "selection.csv"], Directory.GetFiles(In("chosen")).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal));
        using var first = JsonDocument.Parse(File.ReadAllText(In("chosen/Quality-34-1.jsonl")));
        Assert.Equal("La vache mange.", first.RootElement.GetProperty("completion").GetString());
    }

    [Fact]
    public async Task What_cannot_be_done_is_said_in_one_line_and_nothing_is_written()
    {
        async Task Fails(string problem, params string[] arguments)
        {
            var (code, says) = await Run(arguments);
            Assert.Equal(1, code);
            Assert.Contains(problem, says);
            Assert.False(Directory.Exists(In("out")) || File.Exists(In("out")));
        }
        var pool = Write("en2fr.tsv", "A\tB\t1\n");
        await Fails("There is no file", "score-pool", "--model", "tiny", "--pool", In("none2fr.tsv"), "--out", In("out"));
        await Fails("The literature names no latents of 'tiny'", "score-pool", "--model", "tiny", "--pool", pool, "--out", In("out"));
        await Fails("There is no SAE after layer 99", "score-pool", "--model", "tiny", "--pool", pool, "--latents", "99:1", "--out", In("out"));
        await Fails("There is no latent 999999", "score-pool", "--model", "tiny", "--pool", pool, "--latents", "3:999999", "--out", In("out"));
        await Fails("expected layer:latent", "score-pool", "--model", "tiny", "--pool", pool, "--latents", "117", "--out", In("out"));
        var scores = Write("scores.json", """[{"src":"a","tgt":"b","comet":1,"ppl":1,"sae_activations":{"1_2":1}}]""");
        await Fails("--gate COMET or --gate-share SHARE", "select", "--scores", scores, "--target", "fr", "--out", In("out"));
        await Fails("give one of them", "select", "--scores", scores, "--target", "fr", "--gate", "1", "--gate-share", "1", "--out", In("out"));
        await Fails("no perplexity of the translations alone", "select", "--scores", scores, "--target", "fr", "--gate", "1", "--out", In("out"));
        await Fails("The budget is 2", "select", "--scores", scores, "--target", "fr", "--gate", "1", "--loss", "Text", "--budgets", "2", "--out", In("out"));
        await Fails("There is no file", "select", "--scores", In("none.json"), "--target", "fr", "--gate", "1", "--out", In("out"));
    }

    [Theory]
    [InlineData("12:2291,13:3517", "L12 #2291 L13 #3517")]
    [InlineData("3:117,2172,4:5", "L3 #117 L3 #2172 L4 #5")]
    public void Latents_are_named_by_layer(string text, string expected) => Assert.Equal(expected, string.Join(' ', LatentList.Parse("--latents", text)));

    [Theory]
    [InlineData("3:117,3:117", "names L3 #117 twice")]
    [InlineData("3:-1", "expected layer:latent")]
    [InlineData("3", "expected layer:latent")]
    [InlineData("3:1:2", "expected layer:latent")]
    public void Others_are_refused(string text, string problem) => Assert.Contains(problem, Assert.Throws<CliException>(() => LatentList.Parse("--latents", text)).Message);

    [Fact]
    public void A_file_of_latents_names_the_line_that_is_wrong()
    {
        Assert.Contains("line 2: expected layer,latent, for example 12,2291, found '13;4'", Assert.Throws<CliException>(() => LatentList.Parse("--latents", Write("latents", "12,2291\n13;4\n"))).Message);
        Assert.Contains("names no latents", Assert.Throws<CliException>(() => LatentList.Parse("--latents", Write("latents", "\n"))).Message);
    }
}
