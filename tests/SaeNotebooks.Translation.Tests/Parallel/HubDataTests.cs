using System.Text;
using SaeNotebooks.Harvest.Duck;
using SaeNotebooks.Tests.Hub;
using SaeNotebooks.Translation.Parallel;

namespace SaeNotebooks.Translation.Tests.Parallel;

/// <summary>Test sets of the hub, from a hub on this machine with tiny files under the real names.</summary>
public sealed class HubDataTests : IDisposable
{
    private readonly LoopbackHub _hub = new();

    public void Dispose() => _hub.Dispose();

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    [Fact]
    public void Wmt24pp_leaves_out_bad_sources_and_names_broken_lines()
    {
        _hub.With(Wmt24pp.Repository,
            ("en-fr_FR.jsonl", Bytes("""
                {"lp": "en-fr_FR", "domain": "news", "segment_id": 0, "is_bad_source": true, "source": "bad", "target": "mauvais"}
                {"lp": "en-fr_FR", "domain": "news", "segment_id": 1, "is_bad_source": false, "source": "The dog.", "target": "Le chien."}
                {"lp": "en-fr_FR"
                {"lp": "en-fr_FR", "segment_id": 3, "source": "The cat.", "target": ""}
                {"lp": "en-fr_FR", "segment_id": 4, "source": "The cow."}
                """.ReplaceLineEndings("\n"))),
            ("en-ar_EG.jsonl", Bytes("")), ("en-ar_SA.jsonl", Bytes("")), ("README.md", Bytes("")));
        using var client = _hub.Client();
        var corpus = Wmt24pp.Load("en-fr", client);
        Assert.Equal([new("1", "The dog.", "Le chien.")], corpus.Sentences);
        Assert.Equal(("en", "fr"), (corpus.SourceLanguage, corpus.TargetLanguage));
        Assert.Equal([3, 4, 5], corpus.Broken.Select(b => b.Line));
        Assert.Equal(corpus.Sentences, Wmt24pp.Load("en-fr_FR", client).Sentences);
        Assert.Contains("en-ar_EG, en-ar_SA", Assert.Throws<ParallelDataException>(() => Wmt24pp.Load("en-ar", client)).Message);
        Assert.Contains("no pair 'en-xx'", Assert.Throws<ParallelDataException>(() => Wmt24pp.Load("en-xx", client)).Message);
    }

    [Fact]
    public void Flores_joins_the_files_of_two_languages_by_line()
    {
        const string Repository = "datasets/someone/flores200";
        _hub.With(Repository, ("devtest/eng_Latn.devtest", Bytes("The dog.\nThe cat.\n")), ("devtest/zho_Hans.devtest", Bytes("狗。\n猫。\n")),
            ("devtest/deu_Latn.devtest", Bytes("Der Hund.\n")), ("dev/eng_Latn.dev", Bytes("The cow.\n")));
        using var client = _hub.Client();
        Assert.Equal([new("1", "The dog.", "狗。"), new("2", "The cat.", "猫。")], Flores.Load("en-zh", client, Repository).Whole);
        Assert.Contains("2 lines", Assert.Throws<ParallelDataException>(() => Flores.Load("en-de", client, Repository)).Message);
        Assert.Contains("no file fra_Latn.devtest", Assert.Throws<ParallelDataException>(() => Flores.Load("en-fr", client, Repository)).Message);
        Assert.Contains("'xx'", Assert.Throws<ParallelDataException>(() => Flores.Load("en-xx", client, Repository)).Message);
    }

    [Fact]
    public void Wmt24pp_is_read_from_parquet_files_that_are_called_after_the_pair_or_lie_in_its_folder()
    {
        const string Rows = "(0, true, 'bad', 'mauvais'), (1, false, 'The dog.', 'Le chien.'), (2, false, 'The cat.', NULL)", Columns = "segment_id, is_bad_source, source, target";
        _hub.With(Wmt24pp.Repository, ("en-fr_FR/train/0000.parquet", Parquet(Rows, Columns)), ("en-fr_FR/train/0001.parquet", Parquet("(3, false, 'The cow.', 'La vache.')", Columns)),
            ("en-de_DE.parquet", Parquet("(7, false, 'The dog.', 'Der Hund.')", Columns)), ("en-es_MX.parquet", Parquet("('The dog.')", "source")), ("en-it_IT.parquet", Bytes("no table")));
        using var client = _hub.Client();
        var corpus = Wmt24pp.Load("en-fr", client);
        Assert.Equal([new("1", "The dog.", "Le chien."), new("3", "The cow.", "La vache.")], corpus.Sentences);
        Assert.Equal([new("0000.parquet", 3, "'2' has no fr text")], corpus.Broken);
        Assert.Equal([new("7", "The dog.", "Der Hund.")], Wmt24pp.Load("en-de_DE", client).Whole);
        Assert.Contains("no column \"segment_id\"; it has \"source\"", Assert.Throws<ParallelDataException>(() => Wmt24pp.Load("en-es", client)).Message);
        var damaged = Assert.Throws<ParallelDataException>(() => Wmt24pp.Load("en-it", client)).Message;
        Assert.Contains("en-it_IT.parquet", damaged);
        Assert.DoesNotContain('\n', damaged);
    }

    [Theory]
    [InlineData("devtest/eng_Latn.parquet", "devtest/cmn_Hans.parquet", "text")]
    [InlineData("eng_Latn/devtest/0000.parquet", "zho_Hans/devtest/0000.parquet", "sentence")]
    [InlineData("eng_Latn/devtest-00000-of-00001.parquet", "zho_Hans/devtest-00000-of-00001.parquet", "sentence")]
    public void Flores_joins_the_parquet_files_of_two_languages_by_id(string english, string chinese, string column)
    {
        const string Repository = "datasets/someone/flores-parquet";
        _hub.With(Repository, (english.Replace("devtest", "dev"), Parquet("(1, 'The cow.')", $"id, {column}")), (english, Parquet("(1, 'The dog.'), (2, 'The cat.'), (3, 'The hen.')", $"id, {column}")),
            (chinese, Parquet("(2, '猫。'), (1, '狗。')", $"id, {column}")), (english.Replace("eng_Latn", "deu_Latn"), Parquet("(1, 'Der Hund.')", "id, words")));
        using var client = _hub.Client();
        var corpus = Flores.Load("en-zh", client, Repository);
        Assert.Equal([new("1", "The dog.", "狗。"), new("2", "The cat.", "猫。")], corpus.Sentences);
        Assert.Equal(3, Assert.Single(corpus.Broken).Line);
        Assert.Contains("has no sentence '3'", corpus.Broken[0].Problem);
        Assert.Contains("text, sentence; it has id, words", Assert.Throws<ParallelDataException>(() => Flores.Load("en-de", client, Repository)).Message);
    }

    /// <summary>A Parquet file as DuckDB writes it.</summary>
    /// <param name="rows">SQL's values</param>
    /// <param name="columns">their names</param>
    private byte[] Parquet(string rows, string columns)
    {
        var file = Path.Combine(_hub.Folder, $"{Guid.NewGuid()}.parquet");
        using var duck = new DuckSession(_hub.Folder);
        duck.Execute($"COPY (SELECT * FROM (VALUES {rows}) AS made({columns})) TO {DuckSession.Text(file)} (FORMAT parquet)");
        return File.ReadAllBytes(file);
    }
}
