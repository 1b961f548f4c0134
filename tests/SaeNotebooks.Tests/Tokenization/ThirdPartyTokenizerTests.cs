using System.Text.Json;
using SaeNotebooks.Tokenization;

namespace SaeNotebooks.Tests.Tokenization;

/// <summary>
/// Exact ids on published tokenizers. Their files are third parties' and not part of the repository: the tests look in the folder
/// that <c>SAENOTEBOOKS_TOKENIZERS</c> names, and in <c>shared/fixtures/tokenizers</c> beside the repository.
/// </summary>
public class ThirdPartyTokenizerTests
{
    private const string Variable = "SAENOTEBOOKS_TOKENIZERS";

    private static string Folder(string name)
    {
        var candidates = new List<string?> { Environment.GetEnvironmentVariable(Variable) };
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
            candidates.Add(Path.Combine(at.FullName, "shared", "fixtures", "tokenizers"));
        var found = candidates.Where(c => c is not null).Select(c => Path.Combine(c!, name)).FirstOrDefault(Directory.Exists);
        Assert.SkipWhen(found is null, $"The third-party tokenizer files of {name} are not here; point {Variable} at their folder.");
        return found!;
    }

    private static List<JsonElement> Cases(string folder)
    {
        using var golden = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "golden.json")));
        return [.. golden.RootElement.Clone().GetProperty("cases").EnumerateArray()];
    }

    private static void AssertAgrees(ITokenizer tokenizer, List<JsonElement> cases)
    {
        Assert.NotEmpty(cases);
        foreach (var c in cases)
        {
            var text = c.GetProperty("text").GetString()!;
            var expected = c.GetProperty("ids").EnumerateArray().Select(i => i.GetInt32()).ToArray();
            Assert.True(expected.SequenceEqual(tokenizer.Encode(text, bos: false)),
                $"'{text}': expected {string.Join(' ', expected)}, got {string.Join(' ', tokenizer.Encode(text, bos: false))}");
            Assert.Equal(c.GetProperty("decoded").GetString(), tokenizer.Decode(expected));
            var spans = tokenizer.EncodeToSpans(text);
            Assert.Equal(expected, spans.Select(s => s.Id));
            Assert.All(spans, s => Assert.True(0 <= s.Start && s.Start < s.End && s.End <= text.Length));
        }
    }

    [Fact]
    public void Gpt2AgreesOnEveryString()
    {
        var folder = Folder("gpt2");
        AssertAgrees(TokenizerFile.LoadGpt2(Path.Combine(folder, "encoder.json"), Path.Combine(folder, "vocab.bpe")), Cases(folder));
    }

    [Fact]
    public void GptNeoxAgreesOnEveryString()
    {
        var folder = Folder("gpt_neox");
        var tokenizer = TokenizerFile.Load(Path.Combine(folder, "20B_tokenizer.json"));
        var cases = Cases(folder);
        AssertAgrees(tokenizer, cases);
        foreach (var c in cases) AssertOffsetsAgree(tokenizer, c.GetProperty("text").GetString()!, [.. c.GetProperty("offsets").EnumerateArray()]);
    }

    /// <summary>
    /// The reference counts code points, takes spaces off both ends of a token, and gives a letter composed by the normaliser the place
    /// of its first part alone; only tokens that none of this concerns are compared.
    /// </summary>
    private static void AssertOffsetsAgree(ITokenizer tokenizer, string text, List<JsonElement> offsets)
    {
        if (Nfc.Normalize(text) != text) return;
        int CodePoints(int end) => text[..end].EnumerateRunes().Count();
        foreach (var (span, expected) in tokenizer.EncodeToSpans(text).Zip(offsets))
        {
            var covered = text[span.Start..span.End];
            if (covered.Any(char.IsWhiteSpace)) continue;
            Assert.Equal((expected[0].GetInt32(), expected[1].GetInt32()), (CodePoints(span.Start), CodePoints(span.End)));
        }
    }

    [Fact]
    public void ASentencePieceStyleTokenizerIsRefusedByName()
    {
        var file = Path.Combine(Folder("gemma2"), "tokenizer.json");
        Assert.Contains("byte fallback", Assert.Throws<SaeNotebooks.Checkpoints.CheckpointException>(() =>
            TokenizerFile.Load(file)).Message);
    }
}
