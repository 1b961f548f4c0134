using SaeNotebooks.Translation.Parallel;

namespace SaeNotebooks.Translation.Tests.Parallel;

public sealed class ParallelDataTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("parallel").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Write(string name, string text)
    {
        File.WriteAllText(Path.Combine(_folder, name), text);
        return Path.Combine(_folder, name);
    }

    [Fact]
    public void Every_shipped_pair_is_whole_and_has_two_hundred_sentences()
    {
        var folder = Path.Combine(Corpora.DataFolder, "parallel");
        Assert.Equal(["en-ar", "en-de", "en-es", "en-fr", "en-ja", "en-ru", "en-vi", "en-zh"], ParallelData.Pairs(folder));
        Assert.All(ParallelData.Pairs(folder), pair => Assert.True(ParallelData.Read(pair, folder).Whole.Count >= 200));
    }

    [Fact]
    public void A_pair_can_be_read_both_ways()
    {
        Write("en-fr.tsv", "\uFEFFid\ten\tfr\r\na\tdog\tchien\r\nb\tcat\tchat\r\n");
        var there = ParallelData.Read("en2fr", _folder);
        var back = ParallelData.Read("fr-en", _folder);
        Assert.Equal([new("a", "dog", "chien"), new("b", "cat", "chat")], there.Whole);
        Assert.Equal([new("a", "chien", "dog"), new("b", "chat", "cat")], back.Whole);
        Assert.Equal(("fr", "en"), (back.SourceLanguage, back.TargetLanguage));
    }

    [Fact]
    public void Broken_lines_are_counted_and_named()
    {
        var path = Write("en-fr.tsv", "id\ten\tfr\na\tdog\tchien\nb\tcat\n\nc\t\tchat\nd\tcow\t \na\tdog\tchien\ne\ta\tb\tc\n\tx\ty\nz\tzebra\tzèbre");
        File.WriteAllBytes(path, [.. File.ReadAllBytes(path), .. "\nq\t\xff"u8[..3], 0xFF, .. "\tx"u8]);
        var corpus = ParallelData.Read("en-fr", _folder);
        Assert.Equal(["a", "z"], corpus.Sentences.Select(s => s.Id));
        Assert.Equal([(3, "it has 2 cells where 3 are expected"), (4, "it has 1 cells where 3 are expected"), (5, "'c' has no en text"), (6, "'d' has no fr text"),
            (7, "the id 'a' comes a second time"), (8, "it has 4 cells where 3 are expected"), (9, "the id is empty"), (11, "it is not valid UTF-8")],
            corpus.Broken.Select(b => (b.Line, b.Problem)));
        Assert.Contains("2 sentence pairs, 8 broken lines left out: en-fr.tsv, line 3: it has 2 cells", corpus.Summary);
        Assert.Equal(corpus.Summary, Assert.Throws<ParallelDataException>(() => corpus.Whole).Message);
    }

    [Theory]
    [InlineData("en-xx", "there are en-fr")]
    [InlineData("fr", "is no pair of languages")]
    public void An_unknown_pair_is_refused_with_the_known_ones(string pair, string problem)
    {
        Write("en-fr.tsv", "id\ten\tfr\n");
        Assert.Contains(problem, Assert.Throws<ParallelDataException>(() => ParallelData.Read(pair, _folder)).Message);
    }

    [Fact]
    public void A_file_of_another_kind_is_refused()
    {
        Assert.Contains("line 1", Assert.Throws<ParallelDataException>(() => ParallelData.ReadFile(Write("en-de.tsv", "dog\tHund\n"))).Message);
        Assert.Contains("no file", Assert.Throws<ParallelDataException>(() => ParallelData.ReadFile(Path.Combine(_folder, "none.tsv"))).Message);
    }
}
