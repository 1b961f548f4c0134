namespace SaeNotebooks.Tests;

public sealed class AtomicFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("atomic").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Text_takes_the_place_of_what_was_there()
    {
        var path = Path.Combine(_folder, "new", "a.txt");
        AtomicFile.Write(path, "old");
        AtomicFile.Write(path, "é");
        Assert.Equal("é", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(_folder, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void A_write_that_fails_leaves_nothing()
    {
        Assert.ThrowsAny<SystemException>(() => AtomicFile.Write(_folder, "text")); // a folder is in the way
        Assert.Empty(Directory.GetFileSystemEntries(Path.GetDirectoryName(_folder)!, Path.GetFileName(_folder) + ".*.partial"));
    }
}
