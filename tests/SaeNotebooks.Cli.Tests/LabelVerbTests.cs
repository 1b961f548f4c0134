using SaeNotebooks.Cli.Verbs;

namespace SaeNotebooks.Cli.Tests;

public class LabelVerbTests
{
    [Theory]
    [InlineData("7", new[] { 7 })]
    [InlineData("3,17,4-6,5", new[] { 3, 17, 4, 5, 6 })]
    [InlineData(null, null)]
    public void Latents_are_numbers_and_ranges(string? text, int[]? expected) => Assert.Equal(expected, IndexArguments.Latents(text));

    [Theory]
    [InlineData("x"), InlineData("3-1"), InlineData("-1"), InlineData("1,,2"), InlineData("1-2-3"), InlineData("")]
    public void What_is_no_list_of_latents_is_refused(string text) =>
        Assert.Contains("write them like 3,17,400-420", Assert.Throws<CliException>(() => IndexArguments.Latents(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("--llm", "m"), InlineData("--latents", "3")]
    public async Task A_language_model_and_its_latents_go_together(params string[] args) =>
        Assert.Equal(1, await CommandLine.Run(["label", .. args], [LabelVerb.Create()]));

    [Fact]
    public async Task A_folder_that_is_no_index_is_refused_before_anything_is_written()
    {
        var folder = Directory.CreateTempSubdirectory("no-index").FullName;
        Assert.Equal(1, await CommandLine.Run(["dashboards", "--index", folder, "--out", Path.Combine(folder, "site")], [DashboardsVerb.Create()]));
        Assert.Equal(1, await CommandLine.Run(["label", "--index", folder], [LabelVerb.Create()]));
        Assert.Empty(Directory.GetFileSystemEntries(folder));
        Directory.Delete(folder);
    }
}
