namespace SaeNotebooks.Tests;

public class DataFolderTests
{
    [Fact]
    public void A_variable_names_it()
    {
        using var data = new TemporaryData();
        Assert.Equal(data.Folder, DataFolder.Path);
        Assert.Equal(Path.Combine(data.Folder, "models", "tiny"), DataFolder.Combine("models", "tiny"));
    }

    [Fact]
    public void A_variable_that_names_no_folder_is_an_error_and_not_passed_over()
    {
        using var data = new TemporaryData();
        Environment.SetEnvironmentVariable(DataFolder.Variable, "/no/such/folder");
        var error = Assert.Throws<DirectoryNotFoundException>(() => DataFolder.Path);
        Assert.Contains("/no/such/folder", error.Message);
        Assert.Contains(DataFolder.Variable, error.Message);
    }

    [Fact]
    public void Without_a_variable_it_is_the_checkouts() =>
        Assert.True(Directory.Exists(Path.Combine(DataFolder.Path, "lexicon")));
}
