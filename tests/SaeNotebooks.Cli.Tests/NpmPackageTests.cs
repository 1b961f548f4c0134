using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using SaeNotebooks.Cli.Export;

namespace SaeNotebooks.Cli.Tests;

public sealed class NpmPackageTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void ThePinnedFileIsUnpacked()
    {
        var archive = Archive();
        var package = new NpmPackage("x", "1.0.0", Convert.ToBase64String(SHA512.HashData(File.ReadAllBytes(archive))));
        package.Unpack(archive, folder.Path);
        Assert.Equal("content", File.ReadAllText(Path.Combine(folder.Path, "package", "x.js")));
    }

    [Fact]
    public void AnyOtherFileIsRefused()
    {
        var package = new NpmPackage("x", "1.0.0", NpmPackage.Katex.Sha512);
        Assert.Contains("SHA-512", Assert.Throws<CliException>(() => package.Unpack(Archive(), folder.Path)).Message);
        Assert.False(Directory.Exists(Path.Combine(folder.Path, "package")));
    }

    [Fact]
    public void AFileThatTheCacheLacksIsNamed() =>
        Assert.Contains("dist/reveal.js", Assert.Throws<CliException>(() => NpmPackage.Reveal.ReadText(folder.Path, "dist/reveal.js")).Message);

    private string Archive()
    {
        var source = folder.Write("source/package/x.js", "content");
        var archive = Path.Combine(folder.Path, "x.tgz");
        using var compressed = new GZipStream(File.Create(archive), CompressionLevel.Fastest);
        TarFile.CreateFromDirectory(Path.GetDirectoryName(Path.GetDirectoryName(source))!, compressed, includeBaseDirectory: false);
        return archive;
    }
}
