using SaeNotebooks.Translation.Parallel;

namespace SaeNotebooks.Translation.Tests.Parallel;

public sealed class PairsFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pairs-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Write(string text)
    {
        File.WriteAllText(Path.Combine(_folder, "all.tsv"), text);
        return Path.Combine(_folder, "all.tsv");
    }

    [Fact]
    public void A_table_of_the_authors_is_read_by_pair_and_joined_on_the_source()
    {
        var corpora = PairsFile.Read(Write("en-zh\tA dog.\t一条狗。\r\nen2ja\tA dog.\t犬。\r\nen2zh\tNext\u2028line\u0085.\t下一行。\n"));
        Assert.Equal([("all.tsv en-zh", "en", "zh"), ("all.tsv en-ja", "en", "ja")], corpora.Select(c => (c.Name, c.SourceLanguage, c.TargetLanguage)));
        Assert.Equal([new("A dog.", "A dog.", "一条狗。"), new("Next\u2028line\u0085.", "Next\u2028line\u0085.", "下一行。")], corpora[0].Whole);
        Assert.Equal(corpora[0].Sentences[0].Id, corpora[1].Sentences[0].Id);
    }

    [Fact]
    public void Broken_lines_are_counted_and_named()
    {
        var corpora = PairsFile.Read(Write("en-zh\tone\t一\nen-zh\ttwo\nen-zh\t \t三\nen-zh\tfour\t\nenglish\tfive\t五\nen-zh\tone\t壹\nen-fr\tsix\tsix\t6\nen-fr\tseven\tsept\n"));
        Assert.Equal([(2, "it has 2 cells where 3 are expected"), (3, "'(empty)' has no en text"), (4, "'four' has no zh text"),
            (5, "'english' is no pair of languages, which is written en-fr or en2fr"), (6, "the id 'one' comes a second time"), (7, "it has 4 cells where 3 are expected")],
            corpora[0].Broken.Select(b => (b.Line, b.Problem)));
        Assert.Equal(["one"], corpora[0].Sentences.Select(s => s.Source));
        Assert.Equal((1, 0), (corpora[1].Sentences.Count, corpora[1].Broken.Count));
    }

    [Theory]
    [InlineData("", "has no line of a pair of languages such as en-zh")]
    [InlineData("dog\tchien\n", "line 1: it has 2 cells where 3 are expected")]
    public void A_file_without_a_pair_is_refused(string text, string problem) =>
        Assert.Contains(problem, Assert.Throws<ParallelDataException>(() => PairsFile.Read(Write(text))).Message);
}
