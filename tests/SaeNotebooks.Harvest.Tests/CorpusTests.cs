using SaeNotebooks.Features;
using SaeNotebooks.Harvest.Corpora;
using SaeNotebooks.Harvest.Duck;

namespace SaeNotebooks.Harvest.Tests;

public sealed class CorpusTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("corpus").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_documents_of_a_text_file_are_the_file()
    {
        var text = string.Concat(Enumerable.Range(0, 3000).Select(i => $"Line {i} of a text, with an é and a 👋.\n")) + new string('x', 100_000) + "\n";
        File.WriteAllText(At("a.txt"), text);
        List<string> documents = [.. PlainText.Documents(At("a.txt"))];
        Assert.Equal(text, string.Concat(documents));
        Assert.All(documents, d => Assert.InRange(d.Length, 1, 40_000));
        Assert.All(documents.Take(3), d => Assert.EndsWith("\n", d, StringComparison.Ordinal));
    }

    [Fact]
    public void Parquet_rows_are_documents_whatever_their_length()
    {
        string[] texts = ["", "short", "exactly 12 c", "longer than twelve characters", "東京 and more text — with 'quotes'", new('y', 10_000)];
        using (var duck = new DuckSession(At("spill")))
            duck.Execute($"COPY (SELECT unnest({DuckSession.List(texts)}) AS content, 1 AS other) TO {DuckSession.Text(At("it's.parquet"))} (FORMAT parquet)");
        var tokenizer = Tokenization.TokenizerFile.Load(DataFolder.Combine("models", "tiny"));
        Assert.Equal(texts.Where(t => t.Length > 0).Select(t => tokenizer.Encode(t)),
            new FileCorpus(At("it's.parquet"), "content").From(0, TestContext.Current.CancellationToken).Select(d => d.Read(tokenizer).Ids).Where(ids => ids.Count > 0));
        Assert.Equal(texts.Length, new FileCorpus(At("it's.parquet"), "content").From(0, TestContext.Current.CancellationToken).Count());
        Assert.Equal(2, new FileCorpus(At("it's.parquet"), "content").From(4, TestContext.Current.CancellationToken).Count());
        Assert.EndsWith("has no column \"no_such\"; name one of its columns with --key: content, other.",
            Assert.Throws<FeatureIndexException>(() => new FileCorpus(At("it's.parquet"), "no_such").From(0, TestContext.Current.CancellationToken).Count()).Message);
        File.WriteAllText(At("damaged.parquet"), "PAR1 nothing PAR1");
        Assert.DoesNotContain("\n", Assert.Throws<IOException>(() => new FileCorpus(At("damaged.parquet")).From(0, TestContext.Current.CancellationToken).Count()).Message);
        using (var duck = new DuckSession(At("spill")))
            duck.Execute($"COPY (SELECT CASE WHEN i = 1 THEN NULL ELSE 'a' END AS text FROM range(3) t(i)) TO {DuckSession.Text(At("null.parquet"))} (FORMAT parquet)");
        Assert.Contains("row 1 has no text", Assert.Throws<FeatureIndexException>(() => new FileCorpus(At("null.parquet")).From(0, TestContext.Current.CancellationToken).Count()).Message);
    }

    [Fact]
    public void A_folder_is_read_file_by_file()
    {
        File.WriteAllText(At("b.jsonl"), "{\"text\": \"b1\"}\n\n{\"text\": \"b2\"}\n");
        File.WriteAllText(At("a.txt"), "a\n");
        var corpus = new FileCorpus(_folder);
        Assert.Equal(3, corpus.From(0, TestContext.Current.CancellationToken).Count());
        Assert.Single(corpus.From(2, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("0/1", 0, 1)]
    [InlineData("6/7", 6, 7)]
    public void Shards_are_written_as_a_fraction(string text, int number, int of) => Assert.Equal(new(number, of), Shard.Parse(text));

    [Theory]
    [InlineData("7/7")]
    [InlineData("-1/2")]
    [InlineData("1")]
    [InlineData("a/b")]
    public void What_is_no_shard_is_refused(string text) => Assert.Throws<FormatException>(() => Shard.Parse(text));

    private string At(string name) => Path.Combine(_folder, name);
}
