using SaeNotebooks.Features;
using SaeNotebooks.Features.Writing;
using SaeNotebooks.Harvest.Corpora;
using SaeNotebooks.Hooks;
using SaeNotebooks.Models;
using SaeNotebooks.Saes;
using SaeNotebooks.Saes.Activations;
using static TorchSharp.torch;

namespace SaeNotebooks.Harvest.Tests;

public sealed class BadInputTests(Embedded embedded) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("bad").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void An_index_of_another_SAE_or_model_is_refused()
    {
        Assert.Contains("was not made with this", Assert.Throws<FeatureIndexException>(() => embedded.Index.Of(embedded.Bench.Sae(Hook.ResidPost(5)), embedded.Bench.Model)).Message);
        using var scope = NewDisposeScope();
        var sae = embedded.Sae;
        using var retrained = new Sae(sae.Config, new JumpRelu(((JumpRelu)sae.Activation).Threshold.clone()), sae.Encoder.clone(), sae.Decoder.clone(), sae.EncoderBias.clone(), sae.DecoderBias.clone());
        embedded.Index.Of(retrained, embedded.Bench.Model);
        retrained.EncoderBias[7] += 1e-3f;
        Assert.Throws<FeatureIndexException>(() => embedded.Index.Of(retrained, embedded.Bench.Model));

        using var model = HookedTransformer.Load(DataFolder.Combine("models", "tiny"), bfloat16, lastLayer: 4); // the dtype and later layers do not matter
        embedded.Index.Of(sae, model);
        Assert.Contains("another model", Assert.Throws<FeatureIndexException>(() =>
        {
            foreach (var weight in model.WeightsUpTo(4).SelectMany(rows => rows).Where(w => w.dim() == 2)) weight.mul_(1.01f);
            embedded.Index.Of(sae, model);
        }).Message);
    }

    [Fact]
    public void An_index_of_another_tokenizer_is_refused()
    {
        var folder = Copy(DataFolder.Combine("models", "tiny"), "model");
        var file = Path.Combine(folder, "tokenizer.json");
        File.WriteAllText(file, File.ReadAllText(file).Replace("\"<bos>\"", "\"<begin>\"", StringComparison.Ordinal).Replace("\"content\":\"<bos>\"", "\"content\":\"<begin>\"", StringComparison.Ordinal));
        using var model = HookedTransformer.Load(folder);
        if (Fingerprint.Of(model.Tokenizer) == Fingerprint.Of(embedded.Bench.Model.Tokenizer)) Assert.Fail("the tokenizer was not changed");
        Assert.Contains("tokenizer", Assert.Throws<FeatureIndexException>(() => embedded.Index.Of(embedded.Sae, model)).Message);
    }

    [Fact]
    public void Truncated_missing_and_foreign_files_are_refused()
    {
        var folder = Copy(embedded.At("index"), "index");
        var values = Path.Combine(folder, "blocks.4.hook_resid_post", "values.f16");
        using (var file = File.OpenWrite(values)) file.SetLength(file.Length / 2);
        Assert.Contains("incomplete", Assert.Throws<FeatureIndexException>(() => FeatureIndex.Open(folder)).Message);
        File.Delete(values);
        Assert.Contains("missing", Assert.Throws<FeatureIndexException>(() => FeatureIndex.Open(folder)).Message);
        var header = Path.Combine(folder, "index.json");
        var text = File.ReadAllText(header);
        File.WriteAllText(header, text.Replace($"\"version\": {IndexHeader.CurrentVersion}", "\"version\": 99", StringComparison.Ordinal));
        Assert.Contains("version 99", Assert.Throws<FeatureIndexException>(() => FeatureIndex.Open(folder)).Message);
        File.WriteAllText(header, text[..200]);
        Assert.Contains("damaged", Assert.Throws<FeatureIndexException>(() => FeatureIndex.Open(folder)).Message);
        File.WriteAllText(header, "{\"model_type\": \"llama\"}");
        Assert.Contains("another program", Assert.Throws<FeatureIndexException>(() => FeatureIndex.Open(folder)).Message);
        Assert.Contains("no feature index", Assert.Throws<FeatureIndexException>(() => FeatureIndex.Open(DataFolder.Combine("models", "tiny"))).Message);
    }

    [Fact]
    public void A_second_writer_is_refused_and_the_first_is_not_disturbed()
    {
        using (FolderLock.Take(At("index")))
            Assert.Contains("another process", Assert.Throws<FeatureIndexException>(() => new IndexWriter(At("index"), embedded.Index.Header with { Labels = [] })).Message);
        using (FolderLock.Take(Parts.ShardFolder.Name(Harvester.PartsOf(At("index")), Shard.All)))
            Assert.Contains("another process", Assert.Throws<FeatureIndexException>(() => embedded.Harvester(embedded.Corpus).Index(At("index"), TestContext.Current.CancellationToken)).Message);
        new IndexWriter(At("index"), embedded.Index.Header with { Labels = [] }).Dispose(); // the lock is given back
        Assert.DoesNotContain(Directory.GetFileSystemEntries(_folder, "index*"), f => !f.EndsWith(".parts", StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_no_index_is_never_replaced()
    {
        Directory.CreateDirectory(At("thesis"));
        File.WriteAllText(At("thesis/chapter1.txt"), "precious");
        Assert.Contains("is no feature index", Assert.Throws<FeatureIndexException>(() => embedded.Harvester(embedded.Corpus).Index(At("thesis"), TestContext.Current.CancellationToken)).Message);
        Assert.Equal("precious", File.ReadAllText(At("thesis/chapter1.txt")));
    }

    [Fact]
    public void A_full_disk_is_noticed_before_anything_is_written_and_the_old_index_remains()
    {
        Copy(embedded.At("index"), "index");
        embedded.Harvester(embedded.Corpus).Run(At("parts"), Shard.All, TestContext.Current.CancellationToken);
        var error = Assert.Throws<IOException>(() => IndexMerge.Run(At("parts"), At("index"), _ => 1 << 20, TestContext.Current.CancellationToken));
        Assert.Contains("1 MB are free", error.Message);
        FeatureIndex.Open(At("index")).Dispose();
        Assert.False(Directory.Exists(At("index.partial")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    public void An_empty_corpus_is_refused(string text)
    {
        File.WriteAllText(At("empty.jsonl"), text);
        Assert.Contains("nothing to index", Assert.Throws<FeatureIndexException>(() => embedded.Harvester(new FileCorpus(At("empty.jsonl"))).Index(At("index"), TestContext.Current.CancellationToken)).Message);
        Assert.False(Directory.Exists(At("index")) || Directory.Exists(Harvester.PartsOf(At("index"))));
    }

    [Fact]
    public void Long_documents_are_read_in_pieces_and_empty_ones_keep_their_number()
    {
        var sentence = "The old man sees a small house. ";
        File.WriteAllLines(At("docs.jsonl"), [Line(string.Concat(Enumerable.Repeat(sentence, 80))), Line(""), Line(sentence)]);
        embedded.Harvester(new FileCorpus(At("docs.jsonl"))).Index(At("index"), TestContext.Current.CancellationToken);
        using var index = FeatureIndex.Open(At("index"));
        var corpus = index.Corpus;
        var context = embedded.Bench.Model.Config.ContextLength;
        int[] whole = [.. embedded.Bench.Model.Encode(string.Concat(Enumerable.Repeat(sentence, 80)))];
        Assert.True(whole.Length > 2 * context);
        Assert.Equal(whole[1..], Enumerable.Range(0, corpus.Sequences - 1).SelectMany(s => corpus.TokenIds(s)[1..].ToArray()));
        Assert.All(Enumerable.Range(0, corpus.Sequences), s => Assert.Equal(whole[0], corpus.TokenIds(s)[0]));
        Assert.All(Enumerable.Range(0, corpus.Sequences), s => Assert.InRange(corpus.TokenIds(s).Length, 2, context));
        Assert.Equal([.. Enumerable.Repeat(0L, corpus.Sequences - 1), 2], Enumerable.Range(0, corpus.Sequences).Select(corpus.Document));
        Assert.Equal(corpus.Tokens - corpus.Sequences, corpus.Counted);

        static string Line(string text) => System.Text.Json.JsonSerializer.Serialize(new { text });
    }

    [Fact]
    public void Invalid_UTF8_and_broken_lines_are_named()
    {
        File.WriteAllBytes(At("latin.txt"), [.. "one\ntwo\n"u8, .. new byte[9000].Select(_ => (byte)'a'), (byte)'\n', 0xE9, (byte)'t', 0xE9]);
        Assert.Contains("is not UTF-8: line 4 has the byte 0xE9", Assert.Throws<FeatureIndexException>(() => Read("latin.txt")).Message);
        File.WriteAllText(At("broken.jsonl"), "{\"text\": \"one\"}\n{\"text\": \"two\n");
        Assert.Contains("line 2 is not valid JSON", Assert.Throws<FeatureIndexException>(() => Read("broken.jsonl")).Message);
        File.WriteAllText(At("key.jsonl"), "{\"body\": \"one\"}\n");
        Assert.Contains("\"text\"; name the key with --key", Assert.Throws<FeatureIndexException>(() => Read("key.jsonl")).Message);
        Assert.Throws<FeatureIndexException>(() => new FileCorpus(At("nowhere.txt")));

        int Read(string name) => new FileCorpus(At(name)).From(0, TestContext.Current.CancellationToken).Count();
    }

    [Fact]
    public void Activations_that_are_too_long_are_left_out_of_the_count()
    {
        var plan = embedded.Plan with { Policy = new() { SkipFirst = false, LongestNorm = 1.2 } };
        embedded.Harvester(embedded.Corpus, plan).Run(At("parts"), Shard.All, TestContext.Current.CancellationToken);
        embedded.Harvester(embedded.Corpus, plan).Run(At("two"), new(1, 2), TestContext.Current.CancellationToken);
        embedded.Harvester(embedded.Corpus, plan).Run(At("two"), new(0, 2), TestContext.Current.CancellationToken);
        IndexMerge.Run(At("parts"), At("index"), TestContext.Current.CancellationToken);
        IndexMerge.Run(At("two"), At("index2"), TestContext.Current.CancellationToken);
        using var index = FeatureIndex.Open(At("index"));
        using var twoShards = FeatureIndex.Open(At("index2"));
        Assert.InRange(index.Corpus.Counted, index.Corpus.Tokens / 4, index.Corpus.Tokens - 1);
        Assert.Equal(Enumerable.Range(0, (int)index.Corpus.Tokens).Select(t => index.Corpus.Counts(t)), Enumerable.Range(0, (int)index.Corpus.Tokens).Select(t => twoShards.Corpus.Counts(t)));
    }

    private string At(string name) => Path.Combine(_folder, name);

    private string Copy(string from, string name)
    {
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            var to = Path.Combine(At(name), Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }
        return At(name);
    }
}
