using System.Text.Json.Nodes;
using SaeNotebooks.Checkpoints;
using SaeNotebooks.Models;
using SaeNotebooks.Generation;
using SaeNotebooks.Tests.Goldens;
using SaeNotebooks.Tokenization;

namespace SaeNotebooks.Tests.Tokenization;

/// <summary>A tokenizer small enough to follow by hand: special tokens 0 and 1, the 256 bytes from 2 on, then five merges.</summary>
public sealed class TokenizerFileTests : IDisposable
{
    private const int FirstMerge = 258;
    private static readonly string[] Merges = ["a b", "Ġ ab", "Ã ©", "ab ab", "c ab"];
    private readonly string _folder = Directory.CreateTempSubdirectory("tokenizer").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static int Byte(int b) => b + 2;

    private string Write(Action<JsonNode>? change = null)
    {
        var entries = new List<string> { "<bos>", "<eos>" };
        entries.AddRange(Enumerable.Range(0, 256).Select(b => b switch
        {
            < 33 => (char)(256 + b),
            < 127 => (char)b,
            < 161 => (char)(256 + 33 + b - 127),
            173 => (char)(256 + 67),
            _ => (char)b,
        }).Select(c => c.ToString()));
        entries.AddRange(Merges.Select(m => m.Replace(" ", "")));
        JsonNode Special(int id) => new JsonObject { ["id"] = id, ["content"] = entries[id], ["special"] = true, ["normalized"] = false, ["single_word"] = false, ["lstrip"] = false, ["rstrip"] = false };
        JsonNode json = new JsonObject
        {
            ["added_tokens"] = new JsonArray(Special(0), Special(1)),
            ["normalizer"] = null,
            ["pre_tokenizer"] = JsonNode.Parse("""{"type":"Sequence","pretokenizers":[{"type":"Split","pattern":{"Regex":" ?\\p{L}+|\\p{N}|\\s+|[^\\s\\p{L}\\p{N}]+"},"behavior":"Isolated","invert":false},{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":false}]}"""),
            ["post_processor"] = JsonNode.Parse("""{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"<bos>","type_id":0}},{"Sequence":{"id":"A","type_id":0}}],"special_tokens":{"<bos>":{"id":"<bos>","ids":[0],"tokens":["<bos>"]}}}"""),
            ["decoder"] = JsonNode.Parse("""{"type":"ByteLevel"}"""),
            ["model"] = new JsonObject
            {
                ["type"] = "BPE",
                ["vocab"] = new JsonObject(entries.Select((e, id) => KeyValuePair.Create(e, (JsonNode?)id))),
                ["merges"] = new JsonArray([.. Merges.Select(m => (JsonNode)m)]),
            },
        };
        change?.Invoke(json);
        var path = Path.Combine(_folder, "tokenizer.json");
        File.WriteAllText(path, json.ToJsonString());
        return path;
    }

    [Fact]
    public void MergesApplyInOrderWithinPieces()
    {
        var tokenizer = TokenizerFile.Load(Write());
        Assert.Equal([0, FirstMerge + 1, Byte('1'), Byte('2')], tokenizer.Encode(" ab12"));
        Assert.Equal([FirstMerge + 3], tokenizer.Encode("abab", bos: false));
        Assert.Equal([Byte('c'), FirstMerge + 3], tokenizer.Encode("cabab", bos: false)); // "ab ab" comes before "c ab"
        Assert.Equal([FirstMerge + 4], tokenizer.Encode("cab", bos: false));
    }

    [Fact]
    public void SpecialTokensAreRecognisedInTheText()
    {
        var tokenizer = TokenizerFile.Load(Write());
        Assert.Equal([FirstMerge, 1, FirstMerge], tokenizer.Encode("ab<eos>ab", bos: false));
        Assert.Equal("ab<eos>", tokenizer.Decode([FirstMerge, 1]));
        Assert.Equal("ab", tokenizer.Decode([FirstMerge, 1], skipSpecial: true));
        Assert.Equal((0, true, 263), (tokenizer.Bos!.Value, tokenizer.AddsBos, tokenizer.VocabSize));
        Assert.Equal("‹300›ab", tokenizer.Decode([300, FirstMerge]));
    }

    [Fact]
    public void SpansCoverTheCharactersOfTheirBytes()
    {
        var tokenizer = TokenizerFile.Load(Write());
        const string text = " abé😀";
        var spans = tokenizer.EncodeToSpans(text);
        Assert.Equal([(0, 3), (3, 4), (4, 6), (4, 6), (4, 6), (4, 6)], spans.Select(s => (s.Start, s.End)));
        Assert.Equal([" ab", "é", "‹F0›", "‹9F›", "‹98›", "‹80›"], spans.Select(s => s.Text));
        Assert.Equal(text, TokenText.Whole(string.Concat(spans.Select(s => s.Text))));
        Assert.Equal(text, tokenizer.Decode(spans.Select(s => s.Id)));
    }

    [Fact]
    public void EveryTextSurvivesEncodingAndDecoding()
    {
        var tokenizer = TokenizerFile.Load(Write());
        foreach (var text in new[] { "", " ", "Việt Nam", "𝔘𝔫𝔦", "a\0b\n\t", "مرحبا 你好 👨‍👩‍👧" }) Assert.Equal(text, tokenizer.Decode(tokenizer.Encode(text, bos: false)));
    }

    [Fact]
    public void TextFlowsThroughAModelWithATokenizer()
    {
        Write();
        foreach (var file in new[] { "config.json", "model.safetensors" }) File.Copy(Golden.PathOf("llama", file), Path.Combine(_folder, file));
        using var model = HookedTransformer.Load(_folder);
        using (var run = model.Run("ab ab")) Assert.Equal(["<bos>", "ab", " ab"], run.Tokens.Select(t => t.Text));
        using (var run = model.Run(new[] { "ab", "ab ab" })) Assert.Equal([2, 3], run.Batch.Prompts.Select(p => p.Count));

        var options = new GenerationOptions { MaxNewTokens = 8, StopTokens = [] };
        var generated = model.Generate("ab ab", options);
        Assert.Equal([0, FirstMerge, FirstMerge + 1], generated.Prompt);
        Assert.Equal(model.Tokenizer!.Decode(generated.Ids), generated.Text);
        Assert.Equal(model.Generate(generated.Prompt, options).Ids, model.GenerateAll(["ab ab"], options)[0].Ids);
        Assert.Equal(FirstMerge, model.Tokenizer!.SingleToken("ab"));
        Assert.Contains("' ab'", Assert.Throws<ArgumentException>(() => model.Tokenizer!.SingleToken("ab ab")).Message);
    }

    [Fact]
    public void CharactersSpreadOverTokensAreStreamedWhole()
    {
        var decoder = new IncrementalDecoder(TokenizerFile.Load(Write()));
        int[] smile = [.. System.Text.Encoding.UTF8.GetBytes("😀").Select(b => Byte(b))];
        Assert.Equal(["", "", "", "😀", "ab"], smile.Append(FirstMerge).Select(decoder.Next));
    }

    public static TheoryData<string, string> Unsupported => new()
    {
        { """{"normalizer":{"type":"NFKC"}}""", "'normalizer': 'NFKC' is not supported; supported are Sequence, NFC, Replace, Prepend" },
        { """{"normalizer":{"type":"Sequence","normalizers":[{"type":"NFC"},{"type":"Lowercase"}]}}""", "'normalizer.normalizers[1]': 'Lowercase' is not supported" },
        { """{"pre_tokenizer":{"type":"Whitespace"}}""", "'pre_tokenizer': 'Whitespace' is not supported" },
        { """{"pre_tokenizer":{"type":"Split","pattern":{"String":" "},"behavior":"Doubled"}}""", "'pre_tokenizer.behavior': 'Doubled' is not supported" },
        { """{"pre_tokenizer":{"type":"Split","pattern":{"Regex":"(a"},"behavior":"Isolated"}}""", "'pre_tokenizer.pattern.Regex': this regular expression" },
        { """{"pre_tokenizer":{"type":"Split","pattern":{"Regex":"[🧠]"},"behavior":"Isolated"}}""", "beyond U+FFFF" },
        { """{"pre_tokenizer":{"type":"Split","pattern":{},"behavior":"Isolated"}}""", "'pre_tokenizer.pattern.Regex': is missing" },
        { """{"pre_tokenizer":{"type":"Metaspace","replacement":"__"}}""", "'pre_tokenizer.replacement': '__' (expected one character) is not supported" },
        { """{"decoder":{"type":"WordPiece"}}""", "'decoder': 'WordPiece' is not supported" },
        { """{"decoder":null}""", "'decoder': is missing" },
        { """{"post_processor":{"type":"BertProcessing"}}""", "'post_processor': 'BertProcessing' is not supported" },
        { """{"post_processor":{"type":"TemplateProcessing","single":[{"Sequence":{"id":"A"}},{"SpecialToken":{"id":"<eos>"}}]}}""", "a template other than one token before the text" },
        { """{"added_tokens":[{"id":0,"content":"<mask>"}]}""", "'<mask>': has the id 0, which '<bos>' has too" },
        { """{"added_tokens":[{"id":7,"content":"<bos>"}]}""", "'<bos>': is in the vocabulary twice" },
        { """{"added_tokens":[{"id":300,"content":""}]}""", "an empty token is not supported" },
        { """{"model":{"type":"Unigram"}}""", "'model': 'Unigram' is not supported" },
        { """{"model":{"type":"BPE","dropout":0.1}}""", "'model.dropout': a value here is not supported" },
        { """{"model":{"type":"BPE"}}""", "'model.vocab': is missing" },
        { """{"model":{"vocab":{"a":0},"merges":["a a"]}}""", "'a a': merges 'aa', which is not in the vocabulary" },
        { """{"model":{"vocab":{"a":0},"merges":["a"]}}""", "'model.merges[0]': expected two tokens" },
        { """{"model":{"vocab":{"a":0,"b":0},"merges":[]}}""", "'b': has the id 0, which 'a' has too" },
        { """{"model":{"vocab":{"a":1.5},"merges":[]}}""", "'model.vocab.a': expected a whole number" },
        { """{"model":{"vocab":{},"merges":[]}}""", "'vocab': is empty" },
        { """{"model":{"vocab":{"a":0},"merges":[],"unk_token":"?"}}""", "'model.unk_token': '?' is not in the vocabulary" },
    };

    [Theory]
    [MemberData(nameof(Unsupported))]
    public void AFeatureThatIsNotUnderstoodIsRefused(string overrides, string problem)
    {
        var path = Write(json =>
        {
            foreach (var (key, value) in JsonNode.Parse(overrides)!.AsObject()) json[key] = value?.DeepClone();
        });
        var error = Assert.Throws<CheckpointException>(() => TokenizerFile.Load(path));
        Assert.Contains(problem, error.Message);
        Assert.Equal(path, error.File);
    }

    [Theory]
    [InlineData("{", "is not valid JSON")]
    [InlineData("{}", "'model': is missing")]
    [InlineData("""{"model":[]}""", "'model': expected an object")]
    [InlineData("""{"model":{"type":"\ud800"}}""", "is not valid text")]
    [InlineData("""{"model":{"vocab":{"\ud800":0},"merges":[]}}""", "is not valid text")]
    [InlineData("""{"model":{"vocab":{"a":0},"merges":[]},"decoder":{"type":"Fuse"},"post_processor":{"type":"TemplateProcessing","single":[{}]}}""", "a template other than")]
    [InlineData("""{"model":{"vocab":{"a":0,"a":0},"merges":[]}}""", "'a': is in the vocabulary twice")]
    public void ADamagedFileIsRefusedInOneLine(string content, string problem)
    {
        var path = Path.Combine(_folder, "tokenizer.json");
        File.WriteAllText(path, content);
        var message = Assert.Throws<CheckpointException>(() => TokenizerFile.Load(path)).Message;
        Assert.Contains(problem, message);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void AbsurdNestingIsRefused()
    {
        var path = Path.Combine(_folder, "tokenizer.json");
        File.WriteAllText(path, """{"model":""" + new string('[', 1_000_000));
        Assert.Contains("is not valid JSON", Assert.Throws<CheckpointException>(() => TokenizerFile.Load(path)).Message);
    }

    [Fact]
    public void AFileLargerThanAnyTokenizerIsNotRead()
    {
        var path = Path.Combine(_folder, "tokenizer.json");
        using (var file = File.Create(path)) file.SetLength((1L << 30) + 1); // sparse
        Assert.Contains("is larger than 1024 MiB", Assert.Throws<CheckpointException>(() => TokenizerFile.Load(path)).Message);
    }

    [Fact]
    public void HolesBetweenIdsStayHoles()
    {
        var tokenizer = TokenizerFile.Load(Write(json => json["added_tokens"]!.AsArray().Add(new JsonObject { ["id"] = 500, ["content"] = "<far>", ["special"] = true })));
        Assert.Equal(501, tokenizer.VocabSize);
        Assert.Equal([500], tokenizer.Encode("<far>", bos: false));
        Assert.Equal("‹400›<far>", tokenizer.Decode([400, 500]));
    }

    [Fact]
    public void NormalizedTokensAreSoughtInTheNormalizedText()
    {
        var tokenizer = TokenizerFile.Load(Write(json =>
        {
            json["normalizer"] = JsonNode.Parse("""{"type":"NFC"}""");
            json["added_tokens"]!.AsArray().Add(new JsonObject { ["id"] = 300, ["content"] = "e\u0301!", ["normalized"] = true });
            json["added_tokens"]!.AsArray().Add(new JsonObject { ["id"] = 301, ["content"] = "o\u0301!", ["normalized"] = false });
        }));
        Assert.Equal([300, 300], tokenizer.Encode("\u00E9!e\u0301!", bos: false));
        Assert.Equal([301], tokenizer.Encode("o\u0301!", bos: false));
        Assert.DoesNotContain(301, tokenizer.Encode("\u00F3!", bos: false));
        Assert.Equal([(0, 2), (2, 5)], tokenizer.EncodeToSpans("\u00E9!e\u0301!").Select(s => (s.Start, s.End)));
    }
}
