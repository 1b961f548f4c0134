using System.Text.Json;
using SaeNotebooks.Translation.Selection;

namespace SaeNotebooks.Translation.Tests.Selection;

public sealed class ScoredPairTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void What_the_authors_script_writes_is_read()
    {
        // As Python's json.dump writes it, with a score that the line had not.
        File.WriteAllText(_file, """[{"src": "A dog.", "tgt": "\u4e00\u6761\u72d7\u3002", "comet": 0.8125, "ppl": 12.5, "sae_activations": {"12_2291": 3.5, "13_3517": 0.0}}, {"src": "b", "tgt": "c", "comet": null, "ppl": 3, "sae_activations": {"13_3517": 2, "12_2291": 1}}]""");
        var pairs = ScoredPair.Read(_file);
        Assert.Equal(("A dog.", "一条狗。", 0.8125, 12.5), (pairs[0].Src, pairs[0].Tgt, pairs[0].Comet, pairs[0].Ppl));
        Assert.Equal((3.5, 0.0), (pairs[0].SaeActivations[ScoredPair.Key(new(12, 2291))], pairs[0].SaeActivations[ScoredPair.Key(new(13, 3517))]));
        Assert.Equal((null, null, null), (pairs[1].Comet, pairs[1].TargetPpl, pairs[1].Line));
    }

    [Fact]
    public void What_is_written_has_the_authors_keys_and_reads_back()
    {
        ScoredPair[] pairs = [new("é\t\"", "狗", 80, 2.25, new Dictionary<string, double?> { ["12_2291"] = 1.5 }) { TargetPpl = 3, Line = 7 }, new("b", "c", null, null, new Dictionary<string, double?> { ["12_2291"] = null })];
        ScoredPair.Write(_file, pairs);
        using var json = JsonDocument.Parse(File.ReadAllText(_file));
        Assert.Equal(["src", "tgt", "comet", "ppl", "sae_activations", "target_ppl", "line"], json.RootElement[0].EnumerateObject().Select(p => p.Name));
        Assert.Equal(1.5, json.RootElement[0].GetProperty("sae_activations").GetProperty("12_2291").GetDouble());
        Assert.Contains("狗", File.ReadAllText(_file));
        foreach (var (written, read) in pairs.Zip(ScoredPair.Read(_file)))
        {
            Assert.Equal(written with { SaeActivations = read.SaeActivations }, read);
            Assert.Equal(written.SaeActivations, read.SaeActivations);
        }
    }

    [Theory]
    [InlineData("[]", "has no examples")]
    [InlineData("{}", "no list of scored examples (line 1)")]
    [InlineData("[{\"src\": \"a\", \"tgt\": \"b\", \"comet\": 1, \"ppl\": NaN, \"sae_activations\": {}}]", "Python's bare NaN is no JSON")]
    [InlineData("[{\"src\": \"a\", \"comet\": 1, \"ppl\": 1, \"sae_activations\": {}}]", "no list of scored examples")]
    [InlineData("[{\"src\": \"a\", \"tgt\": null, \"comet\": 1, \"ppl\": 1, \"sae_activations\": {}}]", "no list of scored examples")]
    [InlineData("[{\"src\":\"a\",\"tgt\":\"b\",\"comet\":1,\"ppl\":1,\"sae_activations\":{\"1_2\":1}},{\"src\":\"a\",\"tgt\":\"b\",\"comet\":1,\"ppl\":1,\"sae_activations\":{\"1_3\":1}}]", "example 1: its latents are 1_3, those of the first example are 1_2")]
    public void A_file_of_another_kind_is_refused(string text, string problem)
    {
        File.WriteAllText(_file, text);
        Assert.Contains(problem, Assert.Throws<FormatException>(() => ScoredPair.Read(_file)).Message);
    }
}
