using System.Text;
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
}
