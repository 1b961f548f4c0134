using System.Text;
using System.Text.Json;
using SaeNotebooks.Cli.Verbs;
using SaeNotebooks.Translation.Tests.Measures.Comet;
using Spectre.Console;

namespace SaeNotebooks.Cli.Tests.Verbs;

public sealed class ScoreVerbTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("score").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Write(string name, string text) => Write(name, Encoding.UTF8.GetBytes(text));

    private string Write(string name, byte[] bytes)
    {
        File.WriteAllBytes(Path.Combine(_folder, name), bytes);
        return Path.Combine(_folder, name);
    }

    private static async Task<(int Code, string Printed, string Says)> Score(params string[] arguments)
    {
        var (printed, said, output, console) = (new StringWriter(), new StringWriter(), Console.Out, AnsiConsole.Console);
        Console.SetOut(printed);
        AnsiConsole.Console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(said) });
        try { return (await CommandLine.Run(["score", .. arguments], [ScoreVerb.Create()]), printed.ToString(), said.ToString()); }
        finally
        {
            Console.SetOut(output);
            AnsiConsole.Console = console;
        }
    }

    private static double Number(JsonElement json, string name) => json.GetProperty(name).GetDouble();

    [Fact]
    public async Task Everything_is_a_number_under_its_name()
    {
        var hypotheses = Write("hyp", "Le chien dort.\nThe cat sleeps here.\n\nVoici la traduction : Oui.\nJe suis désolé, mais je ne peux pas traduire ce texte.\nla la la la la la\n");
        var references = Write("ref", "Le chien dort.\nLe chat dort ici.\nMerci.\nOui.\nIl fait froid.\nElle chante.\n");
        var sources = Write("src", "The dog sleeps.\nThe cat sleeps here.\nThanks.\nYes.\nIt is cold.\nShe sings.\n");
        var (code, printed, _) = await Score("--hyp", hypotheses, "--ref", references, "--src", sources, "--target", "fr");
        Assert.Equal(0, code);
        using var document = JsonDocument.Parse(printed);
        var json = document.RootElement;
        foreach (var kind in new[] { "wrong_language", "source_copied", "empty", "repetition", "refusal", "extraneous", "exact" }) Assert.Equal(1 / 6.0, Number(json, kind), 1e-12);
        Assert.Equal(5 / 6.0, Number(json, "off_task"), 1e-12);
        foreach (var measure in new[] { "bleu", "chrf", "chrf++" }) Assert.InRange(Number(json, measure), 1, 99);
        Assert.Equal("nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:2.0.0", json.GetProperty("signatures").GetProperty("bleu").GetString());
        Assert.Contains("nw:2", json.GetProperty("signatures").GetProperty("chrf++").GetString());
    }

    [Theory]
    [InlineData("zh", "zh")]
    [InlineData("ja", "char")]
    [InlineData("ar_EG", "13a")]
    public async Task Without_sources_nothing_is_known_of_copies_and_the_tokenizer_follows_from_the_target(string target, string tokenizer)
    {
        var file = Write("text", "\uFEFF1945\r\n2024\r\n");
        var (code, printed, _) = await Score("--hyp", file, "--ref", Write("ref", "1945\n2024"), "--target", target);
        Assert.Equal(0, code);
        using var document = JsonDocument.Parse(printed);
        Assert.Equal(JsonValueKind.Null, document.RootElement.GetProperty("source_copied").ValueKind);
        Assert.Equal((1, 100), (Number(document.RootElement, "exact"), Number(document.RootElement, "chrf")));
        Assert.Equal(1, Number(document.RootElement, "length_ratio"));
        Assert.Contains($"tok:{tokenizer}|", document.RootElement.GetProperty("signatures").GetProperty("bleu").GetString());
    }

    [Fact]
    public async Task COMET_is_read_and_never_made_up()
    {
        var text = Write("text", "Oui.\nNon.\n");
        var (_, without, _) = await Score("--hyp", Write("short", "Oui\nNon.\n"), "--ref", text, "--target", "fr");
        Assert.DoesNotContain("comet", without);
        Assert.Equal(0.75, Number(JsonDocument.Parse(without).RootElement, "length_ratio")); // a full stop of four tokens is missing
        var (_, with, _) = await Score("--hyp", text, "--ref", text, "--target", "fr", "--comet", Write("comet", "0.5\n0.75\n"));
        Assert.Equal(0.625, Number(JsonDocument.Parse(with).RootElement, "comet"));
        var (code, _, says) = await Score("--hyp", text, "--ref", text, "--target", "fr", "--comet", Write("comet", "0.5\nnan\n"));
        Assert.Equal(1, code);
        Assert.Contains("line 2: expected a finite number", says);
    }

    [Fact]
    public async Task COMET_is_computed_where_a_model_is_given()
    {
        var sample = new CometSample();
        Write("model.onnx", sample.Model<long>());
        Write("sentencepiece.bpe.model", CometSample.Tokenizer);
        var (hypotheses, references, sources) = (Write("hyp", "the cat\na bed\n"), Write("ref", "a cat\nthe bed\n"), Write("src", $"cat\n{string.Concat(Enumerable.Repeat("a ", 600))}\n"));
        string[] arguments = ["--hyp", hypotheses, "--ref", references, "--target", "en", "--comet-model", _folder];
        var (code, printed, _) = await Score([.. arguments, "--src", sources]);
        Assert.Equal(0, code);
        using var document = JsonDocument.Parse(printed);
        var expected = (sample.Score("cat", "the cat", "a cat") + sample.Score(string.Concat(Enumerable.Repeat("a ", 600)), "a bed", "the bed")) / 2;
        Assert.Equal(expected, Number(document.RootElement, "comet"), 1e-5);
        Assert.Equal(1, Number(document.RootElement, "comet_truncated"));
        Assert.Equal($"model:{Path.GetFileName(_folder)}|max:512|onnx", document.RootElement.GetProperty("signatures").GetProperty("comet").GetString());

        async Task Fails(string problem, params string[] with)
        {
            (code, printed, var says) = await Score(with);
            Assert.Equal((1, ""), (code, printed));
            Assert.Contains(problem, says);
            Assert.Single(says.Trim().Split('\n'));
        }
        await Fails("COMET reads the sources too", arguments);
        await Fails("name one of them", [.. arguments, "--src", sources, "--comet", Write("scores", "1\n1\n")]);
        Write("model.onnx", "no model");
        await Fails("cannot be opened by ONNX Runtime", [.. arguments, "--src", sources]);
        File.Delete(Path.Combine(_folder, "model.onnx"));
        await Fails("model.onnx: is not there", [.. arguments, "--src", sources]);
        await Fails("There is no folder", [.. arguments[..^1], Path.Combine(_folder, "none"), "--src", sources]);
    }

    [Theory]
    [InlineData("a\nb\n", "a\n", "fr", "has 2 lines and")]
    [InlineData("a\nb\n", "a\n\n", "fr", "ref, line 2 is empty")]
    [InlineData("", "a\n", "fr", "hyp' is empty")]
    [InlineData("a\n", "a\n", "xx", "--target xx is no language")]
    public async Task Bad_input_is_one_line(string hypotheses, string references, string target, string problem)
    {
        var (code, printed, says) = await Score("--hyp", Write("hyp", hypotheses), "--ref", Write("ref", references), "--target", target);
        Assert.Equal((1, ""), (code, printed));
        Assert.Contains(problem, says);
        Assert.Single(says.Trim().Split('\n'));
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_named_by_line()
    {
        var references = Write("ref", "a\nb\n");
        var (code, _, says) = await Score("--hyp", Write("hyp", [(byte)'a', (byte)'\n', 0xC3, (byte)'\n']), "--ref", references, "--target", "fr");
        Assert.Equal(1, code);
        Assert.Contains("hyp, line 2 is not valid UTF-8", says);
        (code, _, says) = await Score("--hyp", references, "--ref", references, "--src", Write("src", "a\n \n"), "--target", "fr");
        Assert.Equal(1, code);
        Assert.Contains("src, line 2 is empty", says);
        (code, _, says) = await Score("--hyp", Path.Combine(_folder, "none"), "--ref", references, "--target", "fr");
        Assert.Equal(1, code);
        Assert.Contains("There is no file", says);
    }
}
