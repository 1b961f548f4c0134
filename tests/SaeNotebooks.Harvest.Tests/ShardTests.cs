using SaeNotebooks.Features;
using SaeNotebooks.Harvest.Corpora;
using SaeNotebooks.Harvest.Parts;

namespace SaeNotebooks.Harvest.Tests;

/// <summary>However the work is divided, interrupted and taken up again, the index is the same, byte for byte.</summary>
public sealed class ShardTests(Embedded embedded) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("shards").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    public void Shards_make_the_index_of_one_run(int shards)
    {
        for (var shard = shards - 1; shard >= 0; shard--) embedded.Harvester(embedded.Corpus).Run(At("parts"), new(shard, shards), TestContext.Current.CancellationToken);
        IndexMerge.Run(At("parts"), At("index"), TestContext.Current.CancellationToken);
        RequireSame(embedded.At("index"), At("index"));
    }

    [Fact]
    public void A_run_that_was_stopped_goes_on_without_loss_or_repetition()
    {
        for (var stops = 1; !Try(stops); stops++) Assert.InRange(stops, 1, 20);
        IndexMerge.Run(At("parts"), At("index"), TestContext.Current.CancellationToken);
        RequireSame(embedded.At("index"), At("index"));

        bool Try(int stops)
        {
            using var stop = new CancellationTokenSource();
            var corpus = new StoppingCorpus(embedded.Corpus, after: 13 + 10 * stops, stop);
            try { embedded.Harvester(corpus).Run(At("parts"), Shard.All, stop.Token); }
            catch (OperationCanceledException) { return false; }
            return true;
        }
    }

    [Fact]
    public void A_kill_between_a_block_and_its_entry_in_the_list_makes_the_block_again()
    {
        var parts = At("parts");
        embedded.Harvester(embedded.Corpus).Run(parts, Shard.All, TestContext.Current.CancellationToken);
        var shard = ShardFolder.Name(parts, Shard.All);
        File.Delete(Path.Combine(shard, "done.json"));
        var list = Path.Combine(shard, "blocks.jsonl");
        var lines = File.ReadAllLines(list);
        File.WriteAllText(list, string.Join('\n', lines[..3]) + "\n" + lines[3][..5]); // the fourth line was cut short
        File.WriteAllText(Directory.GetFiles(shard, "block-00000003-*.parquet")[0], "half a file");
        Assert.Contains("not complete", Assert.Throws<FeatureIndexException>(() => IndexMerge.Run(parts, At("index"), TestContext.Current.CancellationToken)).Message);
        embedded.Harvester(embedded.Corpus).Run(parts, Shard.All, TestContext.Current.CancellationToken);
        Assert.Equal(lines, File.ReadAllLines(list));
        IndexMerge.Run(parts, At("index"), TestContext.Current.CancellationToken);
        RequireSame(embedded.At("index"), At("index"));
    }

    [Fact]
    public void More_shards_than_blocks_leave_some_empty()
    {
        var corpus = new EmbeddedDocuments(new Training.Embedded.EmbeddedModelRecipe().Corpus(), EmbeddedDocuments.Unseen, 8);
        for (var shard = 0; shard < 3; shard++) embedded.Harvester(corpus).Run(At("parts"), new(shard, 3), TestContext.Current.CancellationToken);
        IndexMerge.Run(At("parts"), At("index"), TestContext.Current.CancellationToken);
        using var index = FeatureIndex.Open(At("index"));
        Assert.Equal(8, index.Corpus.Sequences);
    }

    [Fact]
    public void A_missing_shard_and_shards_of_different_harvests_are_refused()
    {
        embedded.Harvester(embedded.Corpus).Run(At("parts"), new(0, 2), TestContext.Current.CancellationToken);
        Assert.Contains("1/2 is missing", Assert.Throws<FeatureIndexException>(() => IndexMerge.Run(At("parts"), At("index"), TestContext.Current.CancellationToken)).Message);
        var other = embedded.Harvester(embedded.Corpus, embedded.Plan with { Policy = new() { SkipFirst = false } });
        Assert.Contains("another harvest", Assert.Throws<FeatureIndexException>(() => other.Run(At("parts"), new(0, 2), TestContext.Current.CancellationToken)).Message);
        other.Run(At("parts"), new(1, 2), TestContext.Current.CancellationToken);
        Assert.Contains("another harvest", Assert.Throws<FeatureIndexException>(() => IndexMerge.Run(At("parts"), At("index"), TestContext.Current.CancellationToken)).Message);
        Assert.False(Directory.Exists(At("index")));
    }

    private string At(string name) => Path.Combine(_folder, name);

    private static void RequireSame(string expected, string found)
    {
        string[] Files(string folder) => [.. Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(folder, f)).Order(StringComparer.Ordinal)];
        Assert.Equal(Files(expected), Files(found));
        Assert.All(Files(expected), file => Assert.True(File.ReadAllBytes(Path.Combine(expected, file)).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(found, file))), $"{file} differs"));
    }

    /// <summary>Cancels the run when so many documents have been read.</summary>
    private sealed class StoppingCorpus(ICorpus corpus, int after, CancellationTokenSource stop) : ICorpus
    {
        public string Identity => corpus.Identity;

        public IReadOnlyList<LabelKind> Kinds => corpus.Kinds;

        public long? Count => corpus.Count;

        public IEnumerable<ICorpusDocument> From(long first, CancellationToken cancellation = default)
        {
            var number = first;
            foreach (var document in corpus.From(first, cancellation))
            {
                if (number++ == after) stop.Cancel();
                yield return document;
            }
        }
    }
}
