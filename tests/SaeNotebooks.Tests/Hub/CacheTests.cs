using System.Runtime.InteropServices;
using SaeNotebooks.Hub;

namespace SaeNotebooks.Tests.Hub;

/// <summary>What the cache gives without a server, and what in it must not be followed.</summary>
public sealed partial class CacheTests : IDisposable
{
    private static readonly byte[] Config = [1, 2, 3], Weights = LoopbackHub.Bytes(20_000);

    private readonly LoopbackHub _hub = new LoopbackHub().With("org/model", ("config.json", Config), ("sub/model.safetensors", Weights));

    public void Dispose() => _hub.Dispose();

    private void Fill()
    {
        using var client = _hub.Client();
        client.Download("org/model", ["*"]);
        client.FindFile("org/model", "absent.json");
    }

    private HubException Failure(string file = "config.json")
    {
        using var client = _hub.Client();
        return Assert.Throws<HubException>(() => client.File("org/model", file));
    }

    [Fact]
    public void Offline_the_cache_answers_and_the_server_is_not_asked()
    {
        Fill();
        var asked = _hub.Requests.Count;
        _hub.Options = _hub.Options with { Offline = true };
        using var client = _hub.Client();
        Assert.Equal(Config, File.ReadAllBytes(client.File("org/model", "config.json")));
        Assert.Equal(Weights, File.ReadAllBytes(client.File("org/model", "sub/model.safetensors", _hub.CommitOf("org/model"))));
        Assert.True(File.Exists(Path.Combine(client.Download("org/model", ["sub/*"]), "sub", "model.safetensors")));
        Assert.Null(client.FindFile("org/model", "absent.json"));
        Assert.Equal(asked, _hub.Requests.Count);
    }

    [Fact]
    public void Offline_what_is_not_in_the_cache_is_named()
    {
        _hub.Options = _hub.Options with { Offline = true };
        Assert.Contains($"The cache ({_hub.Options.CacheFolder}) does not have 'config.json' of org/model; HF_HUB_OFFLINE is set", Failure().Message);
        using var client = _hub.Client();
        Assert.Equal(HubProblem.NotCached, Assert.Throws<HubException>(() => client.Download("org/model", ["*"])).Problem);
        _hub.Options = _hub.Options with { Offline = false };
        Fill();
        _hub.Options = _hub.Options with { Offline = true };
        Assert.Contains("'other.json' of org/model", Failure("other.json").Message);
        Assert.Equal(HubProblem.NotCached, Assert.Throws<HubException>(() => client.Download("org/model", ["*.gguf"])).Problem);
        Assert.DoesNotContain(_hub.Requests, r => r.Path.Contains("other.json"));
    }

    [Fact]
    public void A_server_that_fails_or_is_out_of_reach_is_no_matter_for_what_the_cache_has()
    {
        Fill();
        _hub.Misbehave = _ => new(503);
        using (var failing = _hub.Client()) Assert.Equal(Config, File.ReadAllBytes(failing.File("org/model", "config.json")));
        using (var closed = new LoopbackServer(_ => new(200))) _hub.Options = _hub.Options with { Endpoint = closed.Address };
        using var client = _hub.Client();
        Assert.Equal(Config, File.ReadAllBytes(client.File("org/model", "config.json")));
        Assert.True(File.Exists(Path.Combine(client.Download("org/model", ["*.json"]), "config.json")));
        Assert.Equal(HubProblem.Unreachable, Failure("other.json").Problem);
    }

    [Fact]
    public void A_download_that_fails_leaves_the_old_snapshot_in_its_place()
    {
        Fill();
        _hub.With("org/model", ("config.json", [9]), ("sub/model.safetensors", LoopbackHub.Bytes(5000, seed: 2)));
        _hub.MisbehaveCdn = _ => new(403);
        using var client = _hub.Client();
        Assert.Throws<HubException>(() => client.Download("org/model", ["*"]));
        Assert.False(Directory.Exists(_hub.InCache("org/model", "snapshots", _hub.CommitOf("org/model")))); // all of the files, or none
        _hub.Options = _hub.Options with { Offline = true };
        using var offline = _hub.Client();
        Assert.Equal(Config, File.ReadAllBytes(offline.File("org/model", "config.json")));
    }

    [Fact]
    public void A_blob_that_is_cut_short_is_downloaded_again()
    {
        Directory.CreateDirectory(_hub.InCache("org/model", "blobs"));
        File.WriteAllBytes(_hub.InCache("org/model", "blobs", LoopbackHub.GitDigest(Config)), Config[..1]);
        using var client = _hub.Client();
        Assert.Equal(Config, File.ReadAllBytes(client.File("org/model", "config.json")));
    }

    [Fact]
    public void A_blob_in_the_store_that_Python_shares_among_repositories_is_used()
    {
        var store = Path.Combine(_hub.Options.CacheFolder, "blobs", "ab", "abcd");
        Directory.CreateDirectory(Path.GetDirectoryName(store)!);
        Directory.CreateDirectory(_hub.InCache("org/model", "blobs"));
        File.WriteAllBytes(store, Weights);
        File.CreateSymbolicLink(_hub.InCache("org/model", "blobs", LoopbackHub.Sha256(Weights)), "../../blobs/ab/abcd");
        using var client = _hub.Client();
        Assert.Equal(Weights, File.ReadAllBytes(client.File("org/model", "sub/model.safetensors")));
        Assert.Empty(_hub.CdnRequests);
    }

    [Fact]
    public void What_Python_left_is_used()
    {
        var commit = LoopbackHub.Commit("python");
        foreach (var (path, text) in new[] { ($"blobs/{LoopbackHub.GitDigest(Config)}", "blob"), ("refs/main", commit) })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_hub.InCache("org/model", path))!);
            File.WriteAllText(_hub.InCache("org/model", path), text);
        }
        Directory.CreateDirectory(_hub.InCache("org/model", "snapshots", commit));
        File.CreateSymbolicLink(_hub.InCache("org/model", "snapshots", commit, "config.json"), $"../../blobs/{LoopbackHub.GitDigest(Config)}");
        _hub.Options = _hub.Options with { Offline = true };
        using var client = _hub.Client();
        Assert.Equal("blob", File.ReadAllText(client.File("org/model", "config.json")));
    }

    [Theory]
    [InlineData("config.json", "a link that leads back to itself")]
    [InlineData("/etc/passwd", "a link out of the cache, to /etc/passwd")]
    [InlineData("../../../../outside", "a link out of the cache")]
    public void A_link_that_leads_in_circles_or_out_of_the_cache_is_not_followed(string target, string message)
    {
        Fill();
        File.WriteAllText(Path.Combine(_hub.Folder, "outside"), "secret");
        var path = _hub.InSnapshot("org/model", "config.json");
        File.Delete(path);
        File.CreateSymbolicLink(path, target);
        var error = Failure();
        Assert.Equal(HubProblem.DamagedCache, error.Problem);
        Assert.Contains($"{path} is {message}", error.Message);
        using var client = _hub.Client();
        Assert.Equal(HubProblem.DamagedCache, Assert.Throws<HubException>(() => client.Download("org/model", ["*.json"])).Problem);
        _hub.Options = _hub.Options with { Offline = true };
        using var offline = _hub.Client();
        Assert.Equal(HubProblem.DamagedCache, Assert.Throws<HubException>(() => offline.Download("org/model", ["*.json"])).Problem);
    }

    [Fact]
    public void A_folder_that_is_a_link_is_neither_read_from_nor_written_to()
    {
        var outside = Directory.CreateDirectory(Path.Combine(_hub.Folder, "outside")).FullName;
        Directory.CreateDirectory(_hub.InCache("org/model", "snapshots", _hub.CommitOf("org/model")));
        Directory.CreateSymbolicLink(_hub.InSnapshot("org/model", "sub"), outside);
        Assert.Equal(HubProblem.DamagedCache, Failure("sub/model.safetensors").Problem);
        Assert.Empty(Directory.GetFiles(outside));
        File.WriteAllText(Path.Combine(outside, "model.safetensors"), "secret");
        Assert.Equal(HubProblem.DamagedCache, Failure("sub/model.safetensors").Problem);
    }

    [Fact]
    public void A_link_whose_blob_was_deleted_is_downloaded_again()
    {
        Fill();
        File.Delete(_hub.InCache("org/model", "blobs", LoopbackHub.GitDigest(Config)));
        using var client = _hub.Client();
        Assert.Equal(Config, File.ReadAllBytes(client.File("org/model", "config.json")));
        Assert.Equal(Config, File.ReadAllBytes(client.File("org/model", "config.json", _hub.CommitOf("org/model"))));
    }

    [Fact]
    public void A_ref_that_holds_no_commit_becomes_no_path()
    {
        Fill();
        File.WriteAllText(_hub.InCache("org/model", "refs", "main"), "../../../etc");
        Assert.Contains("holds no commit", Failure().Message);
    }

    [Fact]
    public void A_disk_without_space_is_refused_with_numbers_before_the_download()
    {
        _hub.Options = _hub.Options with { FreeSpace = _ => 2 };
        var error = Failure();
        Assert.Equal(HubProblem.Disk, error.Problem);
        Assert.Contains("org/model needs 0.0 GB more", error.Message);
    }

    [Fact]
    public void A_disk_that_fills_up_meanwhile_leaves_nothing_half_written()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "only Linux has a device that is always full");
        var digest = LoopbackHub.Sha256(Weights);
        Directory.CreateDirectory(_hub.InCache("org/model", "blobs"));
        File.CreateSymbolicLink(_hub.InCache("org/model", "blobs", $"{digest}.incomplete"), "/dev/full");
        var error = Failure("sub/model.safetensors");
        Assert.Equal(HubProblem.Disk, error.Problem);
        Assert.Contains("'sub/model.safetensors' of org/model (20,000 bytes) could not be written", error.Message);
        Assert.Contains("No space left on device", error.Message);
        Assert.Empty(Directory.GetFileSystemEntries(_hub.InCache("org/model", "blobs")));
    }

    [Fact]
    public void A_cache_that_cannot_be_written_is_named()
    {
        _hub.Options = _hub.Options with { CacheFolder = Path.Combine(_hub.Folder, "file", "hub") };
        File.WriteAllText(Path.Combine(_hub.Folder, "file"), "");
        var error = Failure();
        Assert.Equal(HubProblem.Disk, error.Problem);
        Assert.Contains(_hub.Options.CacheFolder, error.Message);
    }

    [Fact]
    public async Task The_lock_is_the_one_that_Python_takes_and_ends_with_its_holder()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "flock is of Unix");
        var path = Path.Combine(_hub.Options.CacheFolder, ".locks", "models--org--model", $"{LoopbackHub.Sha256(Weights)}.lock");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, ""); // as a process that ended leaves it
        const int ReadWrite = 2, Exclusive = 2;
        var descriptor = Open(path, ReadWrite);
        Assert.Equal(0, Flock(descriptor, Exclusive));
        using var client = _hub.Client();
        var download = client.FileAsync("org/model", "sub/model.safetensors");
        while (_hub.Time.Pauses.Count < 3) await Task.Delay(5);
        Assert.Empty(_hub.CdnRequests);
        Assert.Equal(0, Close(descriptor));
        Assert.Equal(Weights, File.ReadAllBytes(await download));
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "flock")]
    private static partial int Flock(int descriptor, int operation);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
