using SaeNotebooks.Cli.Verbs;
using Spectre.Console;

namespace SaeNotebooks.Cli.Tests.Verbs;

public sealed class StudyVerbTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("study-verb-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("is no pair of languages", "--base", "french")]
    [InlineData("does not speak 'xx'", "--base", "en-xx")]
    [InlineData("Name sentences with --data", "--chat", "gemma")]
    [InlineData("Name sentences with --data", "--language-names")]
    [InlineData("There is no file", "--data", "none.tsv")]
    [InlineData("Only 2 sentences are in all of pairs.tsv en-zh; the study needs more than 98.", "--data", "pairs.tsv")]
    [InlineData("There is no chat template 'vicuna'; there are gemma, gemma3, llama3, llama3.1.", "--data", "many.tsv", "--chat", "vicuna")]
    public async Task Sentences_that_there_are_not_are_refused_in_a_line(string problem, params string[] arguments)
    {
        File.WriteAllText(Path.Combine(_folder, "pairs.tsv"), "en-zh\tA dog.\t狗。\nen-zh\tA cat.\t猫。\n");
        File.WriteAllLines(Path.Combine(_folder, "many.tsv"), Enumerable.Range(0, 120).Select(i => $"en-zh\tDog {i}.\t狗{i}。"));
        var (said, console) = (new StringWriter(), AnsiConsole.Console);
        AnsiConsole.Console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(said) });
        try
        {
            var code = await CommandLine.Run(["study", "translation-switch", "--out", Path.Combine(_folder, "out"), "--cache", Path.Combine(_folder, "cache"),
                .. arguments.Select(a => a.EndsWith(".tsv", StringComparison.Ordinal) ? Path.Combine(_folder, a) : a)], [StudyVerb.Create()]);
            Assert.Equal(1, code);
        }
        finally { AnsiConsole.Console = console; }
        Assert.Contains(problem, said.ToString());
        Assert.Single(said.ToString().Trim().Split('\n'));
        Assert.False(Directory.Exists(Path.Combine(_folder, "out")) || Directory.Exists(Path.Combine(_folder, "cache")));
    }
}
