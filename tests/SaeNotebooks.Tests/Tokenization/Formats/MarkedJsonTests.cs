using System.Text;
using System.Text.Json.Nodes;
using SaeNotebooks.Tokenization;
using SaeNotebooks.Tokenization.Formats;

namespace SaeNotebooks.Tests.Tokenization.Formats;

/// <summary><c>tokenizer.json</c> in the manner of Llama 2, Mistral and Gemma: marks for spaces, bytes for unknown characters.</summary>
public class MarkedJsonTests
{
    private static readonly string[] Tokens =
        ["<unk>", "<s>", .. Enumerable.Range(0, 256).Select(b => $"<0x{b:X2}>"), "▁", "a", "b", "é", "ab", "▁ab", "▁▁", "<turn>"];

    private const string Spaced = """[{"type":"Prepend","prepend":"▁"},{"type":"Replace","pattern":{"String":" "},"content":"▁"}]""";

    private static int Id(string token) => Array.IndexOf(Tokens, token);

    private static List<int> Ids(params string[] tokens) => [.. tokens.Select(Id)];

    private static PipelineTokenizer Read(string normalizer, string preTokenizer, string decoder)
    {
        JsonNode Added(string token, bool isSpecial) => new JsonObject { ["id"] = Id(token), ["content"] = token, ["special"] = isSpecial };
        var json = new JsonObject
        {
            ["added_tokens"] = new JsonArray(Added("<s>", isSpecial: true), Added("<turn>", isSpecial: false)),
            ["normalizer"] = JsonNode.Parse(normalizer),
            ["pre_tokenizer"] = JsonNode.Parse(preTokenizer),
            ["decoder"] = JsonNode.Parse(decoder),
            ["post_processor"] = JsonNode.Parse("""{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"<s>","type_id":0}},{"Sequence":{"id":"A","type_id":0}}],"special_tokens":{"<s>":{"id":"<s>","ids":[1],"tokens":["<s>"]}}}"""),
            ["model"] = new JsonObject
            {
                ["type"] = "BPE",
                ["unk_token"] = "<unk>",
                ["fuse_unk"] = true,
                ["byte_fallback"] = true,
                ["vocab"] = new JsonObject(Tokens.Select((t, i) => KeyValuePair.Create(t, (JsonNode?)i))),
                ["merges"] = JsonNode.Parse("""[["a","b"],["▁","ab"],["▁","▁"]]"""),
            },
        };
        return new PipelineTokenizer(new HuggingFaceFormat().Read(Encoding.UTF8.GetBytes(json.ToJsonString()), "tokenizer.json"));
    }

    private static PipelineTokenizer Llama2() => Read($$"""{"type":"Sequence","normalizers":{{Spaced}}}""", "null",
        """{"type":"Sequence","decoders":[{"type":"Replace","pattern":{"String":"▁"},"content":" "},{"type":"ByteFallback"},{"type":"Fuse"},{"type":"Strip","content":" ","start":1,"stop":0}]}""");

    private static PipelineTokenizer Gemma() => Read("""{"type":"Replace","pattern":{"String":" "},"content":"▁"}""",
        """{"type":"Split","pattern":{"String":" "},"behavior":"MergedWithPrevious","invert":false}""",
        """{"type":"Sequence","decoders":[{"type":"Replace","pattern":{"String":"▁"},"content":" "},{"type":"ByteFallback"},{"type":"Fuse"}]}""");

    private static PipelineTokenizer Mistral(string scheme = "first") => Read("null", $$"""{"type":"Metaspace","replacement":"▁","prepend_scheme":"{{scheme}}","split":false}""",
        $$"""{"type":"Metaspace","replacement":"▁","prepend_scheme":"{{scheme}}","split":false}""");

    [Fact]
    public void LlamaPutsASpaceBeforeEachStretchOfText()
    {
        var tokenizer = Llama2();
        Assert.Equal(Ids("<s>", "▁ab", "▁ab"), tokenizer.Encode("ab ab"));
        Assert.Equal(Ids("▁ab", "<turn>", "▁ab"), tokenizer.Encode("ab<turn>ab", bos: false));
        Assert.Equal(Ids("▁", "<0xE1>", "<0xBB>", "<0x87>"), tokenizer.Encode("ệ", bos: false));
        Assert.Equal("ab ệ", tokenizer.Decode(tokenizer.Encode("ab ệ"), skipSpecial: true));
        Assert.Equal((1, true), (tokenizer.Bos!.Value, tokenizer.AddsBos));
    }

    [Fact]
    public void GemmaPutsNone()
    {
        var tokenizer = Gemma();
        Assert.Equal(Ids("ab", "▁ab", "▁▁", "b"), tokenizer.Encode("ab ab  b", bos: false));
        Assert.Equal(Ids("▁", "<s>", "▁ab"), tokenizer.Encode(" <s> ab", bos: false));
        Assert.Equal(" <s> ab", tokenizer.Decode(Ids("▁", "<s>", "▁ab")));
    }

    [Fact]
    public void MistralPutsOneBeforeTheWholeText()
    {
        Assert.Equal(Ids("▁ab", "<turn>", "ab"), Mistral().Encode("ab<turn>ab", bos: false));
        Assert.Equal(Ids("<turn>", "ab"), Mistral().Encode("<turn>ab", bos: false));
        Assert.Equal(Ids("▁ab", "<turn>", "▁ab"), Mistral("always").Encode("ab<turn>ab", bos: false));
        Assert.Equal(Ids("ab", "▁ab"), Mistral("never").Encode("ab ab", bos: false));
        Assert.Equal("ab ab", Mistral().Decode(Ids("▁ab", "▁ab")));
    }

    [Fact]
    public void SpansOfAnyTextCoverIt()
    {
        foreach (var tokenizer in new[] { Llama2(), Gemma(), Mistral(), Mistral("never") })
            foreach (var text in new[] { "", " ", "ab", " ab", "ab  é🧠ab ", "a\uD800b", "\uDC00", "ệ\n\t" }) Spans.AssertCover(tokenizer, text);
        Assert.Equal([(0, 2), (2, 5), (5, 7), (5, 7), (5, 7), (5, 7)], Llama2().EncodeToSpans("ab ab🧠").Select(s => (s.Start, s.End)));
        // Put before a later stretch, the space covers nothing there.
        Assert.Equal([(0, 2), (2, 8), (8, 8), (8, 9)], Llama2().EncodeToSpans("ab<turn>é").Select(s => (s.Start, s.End)));
    }

    [Fact]
    public void ALoneSurrogateIsTheReplacementCharacter()
    {
        Assert.Equal(Gemma().Encode("a\uFFFDb"), Gemma().Encode("a\uD800b"));
        Assert.Equal(Gemma().Encode("\uFFFD\uFFFD"), Gemma().Encode("\uDC00\uD800"));
    }

    [Fact]
    public void AMegabyteWithoutSpacesIsEncoded()
    {
        const int repeats = 1 << 19;
        Assert.True(Enumerable.Repeat(Id("ab"), repeats).SequenceEqual(Gemma().Encode(string.Concat(Enumerable.Repeat("ab", repeats)), bos: false)));
        Assert.True(Enumerable.Repeat(Id("▁▁"), repeats).SequenceEqual(Gemma().Encode(new string(' ', 2 * repeats), bos: false)));
    }
}
