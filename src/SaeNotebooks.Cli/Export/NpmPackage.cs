using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;

namespace SaeNotebooks.Cli.Export;

/// <summary>A JavaScript package at one version, checked against its hash and unpacked into a cache.</summary>
/// <param name="Name">the package's name</param>
/// <param name="Version">its exact version</param>
/// <param name="Sha512">base64 SHA-512 of the package file</param>
public sealed record NpmPackage(string Name, string Version, string Sha512)
{
    /// <summary>The framework of the slides.</summary>
    public static readonly NpmPackage Reveal = new("reveal.js", "5.2.1",
        "r7//6mIM5p34hFiDMvYfXgyjXqGRta+/psd9YtytsgRlrpRzFv4RbH76TXd2qD+7ZPZEbpBDhdRhJaFgfQ7zNQ==");

    /// <summary>The typesetter of formulas.</summary>
    public static readonly NpmPackage Katex = new("katex", "0.16.22",
        "XCHRdUw4lf3SKBaJe4EvgqIuWwkPSo9XoeO8GjQW94Bp7TWv9hNhzZjZ+OH9yf1UmLygb7DIT5GSFQiyt16zYg==");

    /// <summary>The widget manager of ipywidgets 8, for checks in a browser.</summary>
    public static readonly NpmPackage Widgets = new("@jupyter-widgets/html-manager", "1.0.15",
        "5thBIV6ymNgmPVOHvzx+gGy8ZSKmSazhtGw4/c4xJDVzRhG9PTeQsRjF3FUTopvFi//SABeNz1yp47bCrJ3CQA==");

    /// <summary>The smallest build of plotly.js: points, lines and bars.</summary>
    public static readonly NpmPackage PlotlyBasic = new("plotly.js-basic-dist-min", "2.35.3",
        "ZipAmyME0S5qWec6GDy2dxP+E6Qhi0X6eNwH6gy7m5YMKYSgrDYrc+/3PTPWpJsxcIMF0kqoOruX+SgH2VwOWg==");

    /// <summary>The build of plotly.js for all charts with two axes.</summary>
    public static readonly NpmPackage PlotlyCartesian = new("plotly.js-cartesian-dist-min", "2.35.3",
        "Bs3rf3VJrDgGBE5qBDpXtfBANzLeHLMOm4WGBaa++MRwQS+xuGKGv+IQYndBAOn1ZDFKabJfMz5UVVpjHX87pw==");

    /// <summary>Whether the cache has it.</summary>
    public bool IsCached(string cache) => Directory.Exists(Folder(cache));

    /// <summary>The text of one of its files.</summary>
    /// <exception cref="CliException">the cache does not have it</exception>
    public string ReadText(string cache, string file) => File.ReadAllText(Existing(cache, file));

    /// <summary>The bytes of one of its files.</summary>
    /// <inheritdoc cref="ReadText" path="/exception"/>
    public byte[] ReadBytes(string cache, string file) => File.ReadAllBytes(Existing(cache, file));

    /// <summary>Fetches it with npm into the cache.</summary>
    /// <exception cref="CliException">npm failed, or what it fetched is not the pinned file</exception>
    public async Task Fetch(string cache, CancellationToken cancellation)
    {
        var partial = Path.Combine(cache, $".{FileName}-{Guid.NewGuid():N}");
        Directory.CreateDirectory(partial);
        try
        {
            var npm = OperatingSystem.IsWindows() ? "npm.cmd" : "npm";
            var result = await ChildProcess.Run(npm, ["pack", $"{Name}@{Version}", "--silent"], folder: partial, cancellation: cancellation);
            if (result.ExitCode != 0 || Directory.GetFiles(partial, "*.tgz") is not [var archive])
                throw new CliException($"npm could not fetch {Name} {Version}, which is needed here: {result.LastLine}");
            Unpack(archive, partial);
            Directory.Move(Path.Combine(partial, "package"), Folder(cache));
        }
        finally { Directory.Delete(partial, recursive: true); }
    }

    /// <summary>Checks a package file against the pinned hash and unpacks it.</summary>
    internal void Unpack(string archive, string folder)
    {
        using var file = File.OpenRead(archive);
        if (Convert.ToBase64String(SHA512.HashData(file)) is var found && found != Sha512)
            throw new CliException($"npm's {Name} {Version} has SHA-512 {found}, not the pinned {Sha512}; it is not used.");
        file.Position = 0;
        using var plain = new GZipStream(file, CompressionMode.Decompress);
        TarFile.ExtractToDirectory(plain, folder, overwriteFiles: true);
    }

    private string FileName => Name.Replace('/', '+'); // a scope is no folder here

    private string Folder(string cache) => Path.Combine(cache, $"{FileName}-{Version}");

    /// <summary>The path of one of its files.</summary>
    /// <inheritdoc cref="ReadText" path="/exception"/>
    public string Existing(string cache, string file) =>
        Path.Combine(Folder(cache), file) is var path && File.Exists(path) ? path
            : throw new CliException($"{Name} {Version} has no '{file}' in '{cache}': delete that folder and run again.");
}
