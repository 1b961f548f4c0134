using SaeNotebooks.Cli.Verbs;

namespace SaeNotebooks.Cli.Tests.Verbs;

public sealed class LatentTransferStudyTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("transfer-verb-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Without_a_second_model_the_command_says_how_to_make_one()
    {
        var missing = Path.Combine(_folder, "larger");
        var error = Assert.Throws<CliException>(() => StudyVerb.Create().Parse(["latent-transfer", "--to", missing, "--out", Path.Combine(_folder, "out")]).Invoke(new() { EnableDefaultExceptionHandler = false }));
        Assert.Contains($"no second model in '{missing}': make it with train-model --larger", error.Message);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void Layers_are_numbers_with_commas_between_them()
    {
        Assert.Null(LayerList.Parse(null));
        Assert.Equal([4, 12], LayerList.Parse("4,12")!);
        foreach (var wrong in new[] { "4,", "x", "-1", "4;5", "1.5" }) Assert.Contains($"not '{wrong}'", Assert.Throws<CliException>(() => LayerList.Parse(wrong)).Message);
    }
}
