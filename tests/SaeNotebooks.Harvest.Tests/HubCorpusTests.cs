using System.Text;
using SaeNotebooks.Features;
using SaeNotebooks.Harvest.Corpora;
using SaeNotebooks.Tests.Hub;

namespace SaeNotebooks.Harvest.Tests;

public sealed class HubCorpusTests : IDisposable
{
    private readonly LoopbackHub _hub = new();
    private readonly TemporaryVariables _variables;

    public HubCorpusTests() => _variables = new(("HF_ENDPOINT", _hub.Options.Endpoint), ("HF_HUB_CACHE", _hub.Options.CacheFolder));

    public void Dispose()
    {
        _variables.Dispose();
        _hub.Dispose();
    }

    [Fact]
    public void A_dataset_is_downloaded_and_read_in_the_order_of_its_files()
    {
        _hub.With("datasets/org/texts", ("README.md", []), ("data/b.jsonl", Lines("three")), ("data/a.jsonl", Lines("one", "two")), ("other/c.jsonl", Lines("four")));
        Assert.Equal(["one", "two", "three", "four"], Texts(HubCorpus.Open("org/texts", cancellation: TestContext.Current.CancellationToken)));
        Assert.Equal(["four"], Texts(HubCorpus.Open("org/texts", "other/*", cancellation: TestContext.Current.CancellationToken)).TakeLast(1));
    }

    [Fact]
    public void A_dataset_without_texts_and_a_name_that_is_none_are_refused()
    {
        _hub.With("datasets/org/pictures", ("cat.png", []));
        Assert.Contains("no file of a kind that is read", Assert.Throws<FeatureIndexException>(() => HubCorpus.Open("org/pictures", cancellation: TestContext.Current.CancellationToken)).Message);
        Assert.Contains("write org/name", Assert.Throws<FeatureIndexException>(() => HubCorpus.Open("pictures", cancellation: TestContext.Current.CancellationToken)).Message);
    }

    private static byte[] Lines(params string[] texts) => Encoding.UTF8.GetBytes(string.Concat(texts.Select(t => $"{{\"text\": \"{t}\"}}\n")));

    private static IEnumerable<string> Texts(ICorpus corpus)
    {
        var tokenizer = Tokenization.TokenizerFile.Load(DataFolder.Combine("models", "tiny"));
        return corpus.From(0, TestContext.Current.CancellationToken).Select(d => tokenizer.Decode(d.Read(tokenizer).Ids, skipSpecial: true).Trim());
    }
}
