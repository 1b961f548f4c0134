using SaeNotebooks.Translation.Parallel;
using SaeNotebooks.Translation.Selection;

namespace SaeNotebooks.Translation.Tests.Selection;

public sealed class PoolFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pool-file-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Write(string name, string text)
    {
        File.WriteAllText(Path.Combine(_folder, name), text);
        return Path.Combine(_folder, name);
    }

    [Theory]
    [InlineData("en2zh.txt", null, "zh")]
    [InlineData("en-fr.tsv", null, "fr")]
    [InlineData("en_GB2zh_CN.txt", null, "zh_CN")]
    [InlineData("en2zh.txt", "ja", "ja")]
    public void The_target_is_that_of_the_name_unless_one_is_given(string name, string? target, string expected) =>
        Assert.Equal(expected, PoolFile.Read(Write(name, "a\tb\t80\n"), target).TargetLanguage);

    [Fact]
    public void Broken_lines_are_counted_and_named()
    {
        var path = Write("en2zh.txt", "A dog.\t一条狗。\t81.5\r\nA cat.\t一只猫。\n \t三\t80\nfour\t\t80\nfive\t五\tnan\nsix\t六\t-0.25\nseven\t七\tgood\n");
        File.WriteAllBytes(path, [.. File.ReadAllBytes(path), .. "eight\t"u8, 0xFF, .. "\t80"u8]);
        var pool = PoolFile.Read(path);
        Assert.Equal([new(1, "A dog.", "一条狗。", 81.5), new(6, "six", "六", -0.25)], pool.Pairs);
        Assert.Equal([(2, "it has 2 cells where 3 are expected"), (3, "it has no source"), (4, "it has no translation"), (5, "its COMET score is 'nan', no finite number"),
            (7, "its COMET score is 'good', no finite number"), (8, "it is not valid UTF-8")], pool.Broken.Select(b => (b.Line, b.Problem)));
        Assert.StartsWith("en2zh.txt: 2 examples into zh, 6 broken lines left out: en2zh.txt, line 2: it has 2 cells", pool.Summary);
    }

    [Fact]
    public void Without_COMET_there_are_two_columns() =>
        Assert.Equal([null, null], PoolFile.Read(Write("en-fr.tsv", "a\tb\nc\td\n")).Pairs.Select(p => p.Comet));

    [Theory]
    [InlineData("train-data.txt", "a\tb\t1\n", "is no pair of languages such as en2zh")]
    [InlineData("pool.txt", "a\tb\t1\n", "is no pair of languages such as en2zh")]
    [InlineData("en2zh.txt", "a\tb\tc\td\n", "line 1: expected a sentence, its translation and its COMET score")]
    [InlineData("en2zh.txt", "", "found 0 cells")]
    [InlineData("en2zh.txt", "a\t\t1\n", "No line of")]
    public void A_file_that_is_no_pool_is_refused(string name, string text, string problem) =>
        Assert.Contains(problem, Assert.Throws<ParallelDataException>(() => PoolFile.Read(Write(name, text))).Message);

    [Fact]
    public void A_missing_file_is_named() =>
        Assert.Contains("There is no file", Assert.Throws<ParallelDataException>(() => PoolFile.Read(Path.Combine(_folder, "en2zh.txt"))).Message);
}
