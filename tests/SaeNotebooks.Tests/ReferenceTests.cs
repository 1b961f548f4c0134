namespace SaeNotebooks.Tests;

public sealed class ReferenceTests : IDisposable
{
    private readonly TemporaryData _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public void A_short_name_means_what_is_shipped()
    {
        var reference = Reference.ToModel("tiny");
        Assert.Equal(("tiny", Path.Combine(_data.Folder, "models", "tiny"), "tiny"), (reference.Text, reference.Folder, reference.Name));
    }

    [Fact]
    public void A_folder_is_written_with_a_separator()
    {
        var folder = Path.Combine(_data.Folder, "models", "bare");
        Assert.Equal(folder, Path.TrimEndingDirectorySeparator(Reference.ToModel(folder + "/").Folder));
        Assert.Equal("bare", Reference.ToModel(folder + "/").Name);
        Assert.Equal(Path.GetFullPath("./"), Reference.ToModel("./").Folder);
    }

    [Fact]
    public void A_release_and_an_id_mean_one_SAE()
    {
        var reference = Reference.ToSae("tiny:blocks.1.hook_resid_post");
        Assert.Equal(Path.Combine(_data.Folder, "saes", "tiny", "blocks.1.hook_resid_post"), reference.Folder);
        Assert.Equal("blocks.1.hook_resid_post", reference.Name);
    }

    [Theory]
    [InlineData("tyni", "no model 'tyni'; shipped are bare, tiny")]
    [InlineData("..", "no model '..'; shipped are bare, tiny")]
    [InlineData("", "one of bare, tiny")]
    [InlineData("./nowhere", "no folder './nowhere'")]
    public void A_model_that_is_not_there_is_answered_with_those_that_are(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<ReferenceException>(() => Reference.ToModel(text)).Message);

    [Theory]
    [InlineData("tiny:blocks.7.hook_resid_post", "has no SAE 'blocks.7.hook_resid_post'; it has blocks.1.hook_resid_post")]
    [InlineData("tiny:", "has no SAE ''; it has blocks.1.hook_resid_post")]
    [InlineData("tiny:..", "has no SAE '..'")]
    [InlineData("huge:blocks.1.hook_resid_post", "no release of SAEs 'huge'; shipped are tiny")]
    public void An_SAE_that_is_not_there_is_answered_with_those_that_are(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<ReferenceException>(() => Reference.ToSae(text)).Message);
}
