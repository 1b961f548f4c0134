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

    private static int[] Ids(JsonElement c, string key) => [.. c.GetProperty(key).EnumerateArray().Select(i => i.GetInt32())];

    private static string TextOf(JsonElement c) => c.GetProperty("text").GetString()!;

    private static void AssertAgrees(ITokenizer tokenizer, List<JsonElement> cases, string key = "ids")
    {
        Assert.Equal(87, cases.Count);
        foreach (var c in cases)
        {
            var (text, expected) = (TextOf(c), Ids(c, key));
            var found = tokenizer.Encode(text, bos: false);
            Assert.True(expected.SequenceEqual(found), $"'{text}': expected {string.Join(' ', expected)}, got {string.Join(' ', found)}");
            Assert.Equal(c.GetProperty("decoded").GetString(), tokenizer.Decode(expected));
            Assert.Equal(expected, tokenizer.EncodeToSpans(text).Select(s => s.Id));
            Spans.AssertCover(tokenizer, text);
        }
    }

    private static void AssertAgreesWithoutSpecial(ITokenizer tokenizer, List<JsonElement> cases) =>
        Assert.All(cases, c => Assert.Equal(Ids(c, "ids_no_special"), tokenizer.Encode(TextOf(c), bos: false, special: false)));

    [Fact]
    public void Gpt2AgreesOnEveryString()
    {
        var folder = Folder("gpt2");
        var tokenizer = TokenizerFile.Load(folder);
        AssertAgrees(tokenizer, Cases(folder));
        AssertAgreesWithoutSpecial(tokenizer, Cases(folder));
        Assert.Equal((50256, false, 50257), (tokenizer.Bos!.Value, tokenizer.AddsBos, tokenizer.VocabSize));
    }

    [Fact]
    public void GptNeoxAgreesOnEveryString()
    {
        var folder = Folder("gpt_neox");
        var tokenizer = TokenizerFile.Load(Path.Combine(folder, "20B_tokenizer.json"));
        AssertAgrees(tokenizer, Cases(folder));
        foreach (var c in Cases(folder)) AssertOffsetsAgree(tokenizer, c);
        Assert.Equal((0, false), (tokenizer.Bos!.Value, tokenizer.AddsBos));
    }

    /// <summary>
    /// The reference counts code points, takes spaces off both ends of a token, and gives a letter that the normaliser composed the
    /// place of its first part alone, so that there only beginnings can be compared.
    /// </summary>
    private static void AssertOffsetsAgree(ITokenizer tokenizer, JsonElement c)
    {
        var text = TextOf(c);
        var isComposed = Nfc.Normalize(text) != text;
        int CodePoints(int end) => text[..end].EnumerateRunes().Count();
        var offsets = c.GetProperty("offsets").EnumerateArray().Select(o => (o[0].GetInt32(), o[1].GetInt32())).ToList();
        foreach (var (span, (start, end)) in tokenizer.EncodeToSpans(text).Zip(offsets))
        {
            var (from, to) = (span.Start, span.End);
            while (from < to && text[from] == ' ') from++;
            while (to > from && text[to - 1] == ' ') to--;
            Assert.Equal(start, CodePoints(from));
            if (!isComposed) Assert.Equal(end, CodePoints(to));
        }
    }

    [Theory]
    [InlineData("llama2")]
    [InlineData("mistral_v1")]
    public void SentencePieceModelsAgreeOnEveryString(string name)
    {
        var folder = Folder(name);
        var tokenizer = TokenizerFile.Load(folder);
        AssertAgrees(tokenizer, Cases(folder));
        Assert.Equal((1, true, 32000), (tokenizer.Bos!.Value, tokenizer.AddsBos, tokenizer.VocabSize));
    }

    [Fact]
    public void Gemma2AgreesOnEveryString()
    {
        var folder = Folder("gemma2");
        var tokenizer = TokenizerFile.Load(folder);
        AssertAgrees(tokenizer, Cases(folder));
        Assert.Equal((2, true, 256000), (tokenizer.Bos!.Value, tokenizer.AddsBos, tokenizer.VocabSize));
    }

    [Fact]
    public void Gemma2AsASentencePieceModelAgreesOnEveryString()
    {
        var folder = Folder("gemma2");
        var tokenizer = TokenizerFile.Load(Path.Combine(folder, "tokenizer.rebuilt.model"));
        AssertAgrees(tokenizer, Cases(folder), "sp_ids");
        Assert.Equal((2, true, 256000), (tokenizer.Bos!.Value, tokenizer.AddsBos, tokenizer.VocabSize));
    }

    [Fact]
    public void Llama3AgreesOnEveryString()
    {
        var folder = Folder("llama3");
        var tokenizer = TokenizerFile.Load(folder);
        AssertAgrees(tokenizer, Cases(folder));
        AssertAgreesWithoutSpecial(tokenizer, Cases(folder));
        Assert.Equal((128000, true, 128256), (tokenizer.Bos!.Value, tokenizer.AddsBos, tokenizer.VocabSize));
    }
}
