using SaeNotebooks.Tests.Hub;

namespace SaeNotebooks.Cli.Tests;

/// <summary>The verb <c>download</c> in processes of its own, which share a cache.</summary>
public sealed class DownloadTests : IDisposable
{
    private static readonly byte[] Weights = LoopbackHub.Bytes(200_000);

    private readonly LoopbackHub _hub = new LoopbackHub().With("org/model", ("config.json", [1]), ("model.safetensors", Weights));

    public void Dispose() => _hub.Dispose();

    private Task<ChildProcess.Result> Run(string[] arguments, CancellationToken cancellation = default) =>
        ChildProcess.Run("dotnet", [typeof(ChildProcess).Assembly.Location, "download", .. arguments], environment: new Dictionary<string, string>
        {
            ["HF_ENDPOINT"] = _hub.Options.Endpoint, ["HF_HUB_CACHE"] = _hub.Options.CacheFolder, ["HF_HOME"] = _hub.Folder, ["HF_TOKEN"] = "", ["HF_HUB_OFFLINE"] = "",
        }, cancellation: cancellation);

    private void IsDownloaded(ChildProcess.Result result)
    {
        Assert.Equal((0, _hub.InCache("org/model", "snapshots", _hub.CommitOf("org/model"))), (result.ExitCode, result.Output.Trim()));
        Assert.Equal(Weights, File.ReadAllBytes(Path.Combine(result.Output.Trim(), "model.safetensors")));
    }

    [Fact]
    public async Task Two_processes_transfer_a_file_once()
    {
        // Slow enough that the second process comes while the first is at it; if it came later the file would be there, and the test hold too.
        _hub.MisbehaveCdn = asked => LoopbackHub.Content(asked, Weights) with { Pause = TimeSpan.FromMilliseconds(200) };
        var results = await Task.WhenAll(Run(["org/model"]), Run(["org/model"]));
        Assert.All(results, IsDownloaded);
        Assert.Single(_hub.CdnRequests);
    }

    [Fact]
    public async Task What_a_killed_process_left_is_taken_up_and_its_lock_means_nothing()
    {
        _hub.MisbehaveCdn = asked => LoopbackHub.Content(asked, Weights) with { StallAfter = 80_000 };
        using var kill = new CancellationTokenSource();
        var first = Run(["org/model"], kill.Token);
        var partial = new FileInfo(_hub.InCache("org/model", "blobs", $"{LoopbackHub.Sha256(Weights)}.incomplete"));
        while (!first.IsCompleted && (!partial.Exists || partial.Length < 80_000))
        {
            await Task.Delay(20);
            partial.Refresh();
        }
        await kill.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.Single(Directory.GetFiles(Path.Combine(_hub.Options.CacheFolder, ".locks", "models--org--model"), $"{LoopbackHub.Sha256(Weights)}.lock"));

        _hub.MisbehaveCdn = null;
        IsDownloaded(await Run(["org/model"]));
        Assert.Equal([0, 80_000], _hub.CdnRequests.Select(r => r.From));
    }

    [Fact]
    public async Task A_gate_is_one_line_and_an_exit_status()
    {
        _hub.Misbehave = _ => new(401) { Headers = { ["X-Error-Code"] = "GatedRepo" } };
        var result = await Run(["gemma-2-2b", "--files", "*.json"]);
        Assert.Equal(1, result.ExitCode);
        Assert.Single(result.Output.Trim().Split('\n'));
        Assert.Contains($"google/gemma-2-2b is gated: accept its licence at {_hub.Options.Endpoint}/google/gemma-2-2b", result.Output);
    }
}
