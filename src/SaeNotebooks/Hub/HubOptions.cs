namespace SaeNotebooks.Hub;

/// <summary>Where the hub and its cache are. <see cref="FromEnvironment"/> reads the variables that Python's huggingface_hub reads.</summary>
public sealed record HubOptions
{
    /// <summary>The hub's address, without a slash at the end.</summary>
    public string Endpoint { get; init; } = "https://huggingface.co";

    /// <summary>The cache's folder, which Python's huggingface_hub can share.</summary>
    public required string CacheFolder { get; init; }

    /// <summary>The person's token, or null to go without.</summary>
    public string? Token { get; init; }

    /// <summary>The file that a token can be put into.</summary>
    public string? TokenFile { get; init; }

    /// <summary>Whether to use the cache only.</summary>
    public bool Offline { get; init; }

    /// <summary>How many files are downloaded at once.</summary>
    public int Parallel { get; init; } = 4;

    /// <summary>What back-off and patience are measured with.</summary>
    internal TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Bytes free on the disk of a folder.</summary>
    internal Func<string, long> FreeSpace { get; init; } = folder => new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(folder)! : folder).AvailableFreeSpace;

    /// <summary>Whether to try symbolic links; Windows refuses them to most people.</summary>
    internal bool Symlinks { get; init; } = true;

    /// <summary>
    /// <c>HF_ENDPOINT</c>; <c>HF_HUB_CACHE</c>, else <c>hub</c> in <c>HF_HOME</c>, which is <c>~/.cache/huggingface</c> by default;
    /// <c>HF_TOKEN</c>, else the file <c>HF_TOKEN_PATH</c>, which is <c>token</c> in <c>HF_HOME</c> by default; <c>HF_HUB_OFFLINE</c>.
    /// </summary>
    public static HubOptions FromEnvironment() => From(Environment.GetEnvironmentVariable);

    internal static HubOptions From(Func<string, string?> variable)
    {
        string? Value(string name) => variable(name) is { } value && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;
        string? Folder(string name) => Value(name) is { } value ? Path.GetFullPath(Expanded(value, variable)) : null;

        var home = Folder("HF_HOME") ?? Path.Combine(Folder("XDG_CACHE_HOME") ?? Expanded("~/.cache", variable), "huggingface");
        var tokenFile = Folder("HF_TOKEN_PATH") ?? Path.Combine(home, "token");
        var usesToken = !IsOn(Value("HF_HUB_DISABLE_IMPLICIT_TOKEN"));
        return new()
        {
            Endpoint = Value("HF_ENDPOINT")?.TrimEnd('/') ?? "https://huggingface.co",
            CacheFolder = Folder("HF_HUB_CACHE") ?? Folder("HUGGINGFACE_HUB_CACHE") ?? Path.Combine(home, "hub"),
            Token = usesToken ? Value("HF_TOKEN") ?? Value("HUGGING_FACE_HUB_TOKEN") ?? InFile(tokenFile) : null,
            TokenFile = tokenFile,
            Offline = IsOn(Value("HF_HUB_OFFLINE") ?? Value("TRANSFORMERS_OFFLINE")),
        };
    }

    /// <summary>Without the token, which nobody should find in a notebook's output.</summary>
    public override string ToString() => $"{Endpoint}, cache {CacheFolder}, {(Token is null ? "no token" : "with a token")}{(Offline ? ", offline" : "")}";

    private static string Expanded(string path, Func<string, string?> variable) =>
        path == "~" || path.StartsWith("~/", StringComparison.Ordinal)
            ? Path.Combine(variable("HOME") ?? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), path[1..].TrimStart('/'))
            : path;

    private static bool IsOn(string? value) => value?.ToUpperInvariant() is "1" or "ON" or "YES" or "TRUE";

    private static string? InFile(string path) => File.Exists(path) && File.ReadAllText(path).Trim() is { Length: > 0 } token ? token : null;
}
