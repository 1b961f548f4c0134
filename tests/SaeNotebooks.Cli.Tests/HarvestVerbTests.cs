using System.Diagnostics;
using System.Text.Json;
using SaeNotebooks.Cli.Verbs;
using SaeNotebooks.Features;

namespace SaeNotebooks.Cli.Tests;

public sealed class HarvestVerbTests : IDisposable
{
    private const string Sae = "tiny:blocks.2.hook_resid_post";
    private readonly string _folder = Directory.CreateTempSubdirectory("harvest-verb").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Shards_and_one_run_make_the_same_index()
    {
        File.WriteAllLines(At("texts.jsonl"), Enumerable.Range(0, 130).Select(i => JsonSerializer.Serialize(new { body = $"Translate to French: The {(i % 2 == 0 ? "cat" : "dog")} sees {i} houses." })));
        string[] what = ["--sae", Sae, "--corpus", At("texts.jsonl"), "--key", "body"];
        Assert.Equal(0, await Run(["harvest", .. what, "--out", At("one")]));
        Assert.Equal(0, await Run(["harvest", .. what, "--out", At("two"), "--shard", "0/2"]));
        Assert.Equal(1, await Run(["merge", "--out", At("two")])); // the other shard is missing
        Assert.Equal(0, await Run(["harvest", .. what, "--out", At("two"), "--shard", "1/2"]));
        Assert.Equal(0, await Run(["merge", "--out", At("two")]));
        Assert.Equal(File.ReadAllText(At("one/index.json")), File.ReadAllText(At("two/index.json")));
        Assert.Equal(File.ReadAllBytes(At("one/blocks.2.hook_resid_post/values.f16")), File.ReadAllBytes(At("two/blocks.2.hook_resid_post/values.f16")));
        using var index = FeatureIndex.Open(At("one"));
        Assert.Equal(130, index.Corpus.Sequences);
        Assert.Equal(["one", "texts.jsonl", "two"], Directory.GetFileSystemEntries(_folder).Select(f => Path.GetFileName(f)).Order());
    }

    [Fact]
    public async Task What_is_wrong_is_said_and_nothing_is_left()
    {
        File.WriteAllText(At("text.txt"), "The cat sees a house.\n");
        Assert.Equal(1, await Run("harvest", "--sae", Sae, "--corpus", At("missing.txt"), "--out", At("index")));
        Assert.Equal(1, await Run("harvest", "--sae", "tiny:blocks.99.hook_resid_post", "--corpus", At("text.txt"), "--out", At("index")));
        Assert.Equal(1, await Run("harvest", "--sae", Sae, "--corpus", At("text.txt"), "--out", At("index"), "--shard", "2/2"));
        Assert.Equal(1, await Run("harvest", "--sae", Sae, "--corpus", At("text.txt"), "--out", At("index"), "--length", "100000"));
        Assert.Equal(1, await Run("harvest", "--sae", Sae, "--corpus", "embedded", "--out", At("index")));
        Assert.Equal(1, await Run("merge", "--out", At("index")));
        Assert.Equal(["text.txt"], Directory.GetFileSystemEntries(_folder).Select(f => Path.GetFileName(f)));
    }

    [Fact]
    public async Task A_process_that_is_killed_goes_on_where_it_was()
    {
        string[] what = ["harvest", "--sae", Sae, "--corpus", "embedded", "--documents", "256"];
        Assert.Equal(0, await Run([.. what, "--out", At("whole")]));
        var blocks = At("killed.parts/shard-0000-of-0001/blocks.jsonl");
        using (var process = Process.Start(new ProcessStartInfo("dotnet", [typeof(HarvestVerb).Assembly.Location, .. what, "--out", At("killed")]) { RedirectStandardOutput = true })!)
        {
            while (!process.HasExited && !File.Exists(blocks)) await Task.Delay(5, TestContext.Current.CancellationToken);
            process.Kill();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.NotEqual(0, process.ExitCode);
        }
        Assert.Equal(0, await Run([.. what, "--out", At("killed")]));
        foreach (var file in Directory.GetFiles(At("whole"), "*", SearchOption.AllDirectories))
            Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(Path.Combine(At("killed"), Path.GetRelativePath(At("whole"), file))));
    }

    private string At(string name) => Path.Combine(_folder, name);

    private static Task<int> Run(params string[] args) => CommandLine.Run(args, [HarvestVerb.Create(), MergeVerb.Create()]);
}
