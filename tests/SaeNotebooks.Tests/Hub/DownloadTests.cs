using SaeNotebooks.Hub;

namespace SaeNotebooks.Tests.Hub;

/// <summary>Downloads that go well, and what they leave in the cache (https://huggingface.co/docs/hub/local-cache).</summary>
public sealed class DownloadTests : IDisposable
{
    private static readonly byte[] Config = "{\"model_type\": \"gpt2\"}"u8.ToArray(), Weights = LoopbackHub.Bytes(300_000);

    private readonly LoopbackHub _hub = new LoopbackHub().With("org/model", ("config.json", Config), ("model.safetensors", Weights), ("sub/deep/notes.txt", []));

    public void Dispose() => _hub.Dispose();

    private string Link(string file) => new FileInfo(_hub.InSnapshot("org/model", file)).LinkTarget!;

    [Fact]
    public void A_file_is_a_relative_link_to_the_blob_of_its_digest()
    {
        using var client = _hub.Client();
        var path = client.File("org/model", "config.json");
        Assert.Equal(_hub.InSnapshot("org/model", "config.json"), path);
        Assert.Equal(Config, File.ReadAllBytes(path));
        Assert.Equal("../../blobs/7eb84e812bad01767dcf9cf8a2d84ef428949cad", Link("config.json")); // what `git hash-object` prints for this content
        Assert.Equal(_hub.CommitOf("org/model"), File.ReadAllText(_hub.InCache("org/model", "refs", "main")));
    }

    [Fact]
    public void A_large_file_comes_from_the_other_server_which_never_sees_the_token()
    {
        _hub.Options = _hub.Options with { Token = "hf_secret" };
        using var client = _hub.Client();
        Assert.Equal(Weights, File.ReadAllBytes(client.File("org/model", "model.safetensors")));
        Assert.Equal($"../../blobs/{LoopbackHub.Sha256(Weights)}", Link("model.safetensors"));
        Assert.All(_hub.Requests, r => Assert.Equal("Bearer hf_secret", r.Token));
        Assert.All(_hub.CdnRequests, r => Assert.Null(r.Token));
        Assert.Single(_hub.CdnRequests);
    }

    [Fact]
    public void A_renamed_repository_is_followed_with_the_token()
    {
        _hub.Options = _hub.Options with { Token = "hf_secret" };
        _hub.Misbehave = asked => asked.Path.StartsWith("/old/name/", StringComparison.Ordinal)
            ? new(307) { Headers = { ["Location"] = asked.Path.Replace("/old/name/", "/org/model/") } } : null;
        using var client = _hub.Client();
        Assert.Equal(Config, File.ReadAllBytes(client.File("old/name", "config.json")));
        Assert.All(_hub.Requests, r => Assert.NotNull(r.Token));
    }

    [Fact]
    public void A_dataset_is_a_repository_of_its_own()
    {
        _hub.With("datasets/org/model", ("data/train.jsonl", "{}"u8.ToArray()));
        using var client = _hub.Client();
        Assert.Equal(["data/train.jsonl"], client.List("datasets/org/model"));
        var folder = client.Download("datasets/org/model", ["data/*"]);
        Assert.Equal(Path.Combine(_hub.Options.CacheFolder, "datasets--org--model", "snapshots", _hub.CommitOf("datasets/org/model")), folder);
        Assert.Equal("{}", File.ReadAllText(Path.Combine(folder, "data", "train.jsonl")));
        Assert.Equal(Config, File.ReadAllBytes(client.File("org/model", "config.json"))); // the model of that name is another repository
    }

    [Fact]
    public void A_folder_has_the_files_of_all_patterns_and_nothing_else()
    {
        using var client = _hub.Client();
        var folder = client.Download("org/model", ["*.json", "sub/*"]);
        Assert.Equal(_hub.InCache("org/model", "snapshots", _hub.CommitOf("org/model")), folder);
        Assert.Equal(["config.json", "sub/deep/notes.txt"], Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(folder, f)).Order());
        Assert.Equal("../../../../blobs/e69de29bb2d1d6434b8b29ae775ad8c2e48c5391", Link("sub/deep/notes.txt")); // git's digest of nothing
        Assert.Contains("has no file '*.gguf'; it has config.json, model.safetensors",
            Assert.Throws<HubException>(() => client.Download("org/model", ["*.json", "*.gguf"])).Message);
    }

    [Fact]
    public void What_is_in_the_cache_is_not_transferred_again()
    {
        using var client = _hub.Client();
        client.File("org/model", "model.safetensors");
        client.File("org/model", "model.safetensors");
        client.Download("org/model", ["*.safetensors"]);
        Assert.Single(_hub.CdnRequests);
        var asked = _hub.Requests.Count;
        client.File("org/model", "model.safetensors", _hub.CommitOf("org/model")); // a commit never changes, so nothing is asked at all
        Assert.Equal(asked, _hub.Requests.Count);
    }

    [Fact]
    public void A_branch_that_moves_gives_a_new_snapshot_that_shares_what_stayed()
    {
        using var client = _hub.Client();
        var old = client.Download("org/model", ["*"]);
        _hub.With("org/model", ("config.json", "{}"u8.ToArray()), ("model.safetensors", Weights));
        var now = client.Download("org/model", ["*"]);
        Assert.NotEqual(old, now);
        Assert.Equal(Config, File.ReadAllBytes(Path.Combine(old, "config.json")));
        Assert.Equal("{}", File.ReadAllText(Path.Combine(now, "config.json")));
        Assert.Single(_hub.CdnRequests);
        Assert.Equal(_hub.CommitOf("org/model"), File.ReadAllText(_hub.InCache("org/model", "refs", "main")));
    }

    [Fact]
    public void A_revision_with_a_slash_is_kept_under_its_own_name()
    {
        using var client = _hub.Client();
        client.File("org/model", "config.json", "refs/pr/7");
        Assert.Contains(_hub.Requests, r => r.Path == "/org/model/resolve/refs%2Fpr%2F7/config.json");
        Assert.Equal(_hub.CommitOf("org/model"), File.ReadAllText(_hub.InCache("org/model", "refs", "refs", "pr", "7")));
        Assert.False(File.Exists(_hub.InCache("org/model", "refs", "main")));
    }

    [Fact]
    public void Several_files_are_transferred_at_once_but_no_more_than_allowed()
    {
        var files = Enumerable.Range(0, 8).Select(i => ($"{i}.npz", LoopbackHub.Bytes(20_000, i))).ToArray();
        _hub.With("org/saes", files);
        _hub.Options = _hub.Options with { Parallel = 3 };
        _hub.MisbehaveCdn = asked => LoopbackHub.Content(asked, files.Select(f => f.Item2).First(b => asked.Path.Contains(LoopbackHub.Sha256(b)))) with { Pause = TimeSpan.FromMilliseconds(20) };
        using var client = _hub.Client();
        var folder = client.Download("org/saes", ["*.npz"]);
        Assert.All(files, f => Assert.Equal(f.Item2, File.ReadAllBytes(Path.Combine(folder, f.Item1))));
        Assert.InRange(_hub.MostAtOnce, 2, 3);
    }

    [Fact]
    public async Task Two_clients_on_one_cache_transfer_a_file_once()
    {
        _hub.MisbehaveCdn = asked => LoopbackHub.Content(asked, Weights) with { Pause = TimeSpan.FromMilliseconds(20) };
        using var one = _hub.Client();
        using var other = _hub.Client();
        var paths = await Task.WhenAll(one.FileAsync("org/model", "model.safetensors"), other.FileAsync("org/model", "model.safetensors"));
        Assert.All(paths, p => Assert.Equal(Weights, File.ReadAllBytes(p)));
        Assert.Single(_hub.CdnRequests);
    }

    [Fact]
    public void Where_links_are_refused_the_files_themselves_are_in_the_snapshot()
    {
        _hub.With("org/twins", ("a.json", Config), ("b.json", Config), ("c.txt", [1]));
        _hub.Options = _hub.Options with { Symlinks = false };
        using var client = _hub.Client();
        var folder = client.Download("org/twins", ["*"]);
        Assert.All(new[] { "a.json", "b.json" }, name => Assert.Equal(Config, File.ReadAllBytes(Path.Combine(folder, name))));
        Assert.Null(new FileInfo(Path.Combine(folder, "a.json")).LinkTarget);
        Assert.Empty(Directory.GetFiles(_hub.InCache("org/twins", "blobs")));
    }

    [Fact]
    public void A_file_that_is_missing_is_null_and_noted()
    {
        using var client = _hub.Client();
        Assert.Null(client.FindFile("org/model", "sparsity.safetensors"));
        Assert.True(File.Exists(_hub.InCache("org/model", ".no_exist", _hub.CommitOf("org/model"), "sparsity.safetensors")));
        var asked = _hub.Requests.Count;
        Assert.Null(client.FindFile("org/model", "sparsity.safetensors", _hub.CommitOf("org/model")));
        Assert.Equal(asked, _hub.Requests.Count);
    }

    [Fact]
    public void The_list_of_files_is_the_repositorys()
    {
        using var client = _hub.Client();
        Assert.Equal(["config.json", "model.safetensors", "sub/deep/notes.txt"], client.List("org/model"));
    }

    [Fact]
    public void Nothing_but_the_layout_is_left_in_the_cache()
    {
        using var client = _hub.Client();
        client.Download("org/model", ["*"]);
        var files = Directory.GetFiles(_hub.Options.CacheFolder, "*", SearchOption.AllDirectories);
        Assert.DoesNotContain(files, f => f.Contains(".incomplete") || f.Contains(".partial"));
        Assert.Equal(3, files.Count(f => f.Contains("/.locks/models--org--model/") && f.EndsWith(".lock", StringComparison.Ordinal)));
    }
}
