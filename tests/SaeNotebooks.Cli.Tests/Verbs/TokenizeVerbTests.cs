using System.Text.Json;
using SaeNotebooks.Cli.Verbs;
using SaeNotebooks.Tokenization;
using Spectre.Console;

namespace SaeNotebooks.Cli.Tests.Verbs;

public sealed class TokenizeVerbTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tokenize").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Output => Path.Combine(_folder, "out", "ids.json");

    private static string Model => DataFolder.Combine("models", "tiny");

    private async Task<(int Code, string Says)> Tokenize(string model, string strings)
    {
        var input = Path.Combine(_folder, "strings.json");
        await File.WriteAllTextAsync(input, strings);
        var said = new StringWriter();
        var console = AnsiConsole.Console;
        AnsiConsole.Console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(said) });
        try { return (await CommandLine.Run(["tokenize", "--model", model, "--in", input, "--out", Output], [TokenizeVerb.Create()]), said.ToString()); }
        finally { AnsiConsole.Console = console; }
    }

    [Fact]
    public async Task Each_string_becomes_its_ids_without_BOS()
    {
        string[] texts = ["", "The child sees the dog.", "Việt\n🧠"];
        var tokenizer = TokenizerFile.Load(Model);
        foreach (var model in new[] { "tiny", Model, Path.Combine(Model, "tokenizer.json") })
        {
            Assert.Equal(0, (await Tokenize(model, JsonSerializer.Serialize(texts))).Code);
            Assert.Equal(texts.Select(t => tokenizer.Encode(t, bos: false)), JsonSerializer.Deserialize<List<List<int>>>(File.ReadAllText(Output))!);
            File.Delete(Output);
        }
    }

    [Theory]
    [InlineData("{}", "expected a list of strings, found Object")]
    [InlineData("""["a", 1]""", "item 1 is Number, expected a string")]
    [InlineData("""["a", """, "not valid JSON")]
    [InlineData("""["\ud800"]""", "a string holds a lone surrogate")]
    public async Task Bad_input_is_one_line_and_writes_nothing(string strings, string problem)
    {
        var (code, says) = await Tokenize(Model, strings);
        Assert.Equal(1, code);
        Assert.Contains(problem, says);
        Assert.Single(says.Trim().Split('\n'));
        Assert.False(Directory.Exists(Path.GetDirectoryName(Output)));
    }

    [Theory]
    [InlineData("./none.json", "cannot be read")]
    [InlineData("none", "There is no model 'none'")]
    public async Task A_tokenizer_that_is_not_there_is_one_line(string model, string problem)
    {
        var (code, says) = await Tokenize(model, "[]");
        Assert.Equal(1, code);
        Assert.Contains(problem, says);
        Assert.Single(says.Trim().Split('\n'));
    }
}
