using System.Security.Cryptography;
using System.Text.Json;
using SaeNotebooks.Tokenization;
using SaeNotebooks.Training.Bpe;

namespace SaeNotebooks.Training.Tests.Bpe;

public sealed class TokenizerFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tokenizer").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_bytes_are_the_same_every_time_and_everywhere()
    {
        TokenizerFolder.Write(_folder, BpeTrainer.Train(SampleText.Words(), 400), maxLength: 512);
        var hash = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(_folder, "tokenizer.json"))));
        Assert.StartsWith("6afdcc7cecf1fd79a40966d7fecd22a4", hash);
    }

    [Fact]
    public void Vocabulary_and_merges_are_read_back()
    {
        var vocabulary = BpeTrainer.Train(SampleText.Words(), 400);
        TokenizerFolder.Write(_folder, vocabulary, maxLength: 512);

        var model = Read("tokenizer.json").GetProperty("model");
        Assert.Equal(vocabulary.Tokens, model.GetProperty("vocab").EnumerateObject().OrderBy(t => t.Value.GetInt32()).Select(t => t.Name));
        Assert.Equal(vocabulary.Merges.Select(m => $"{m.Left} {m.Right}"),
            model.GetProperty("merges").EnumerateArray().Select(m => m.GetString()!));
    }

    [Fact]
    public void Special_tokens_and_context_length_are_recorded()
    {
        TokenizerFolder.Write(_folder, BpeTrainer.Train(SampleText.Words(), 300), maxLength: 512);

        var added = Read("tokenizer.json").GetProperty("added_tokens").EnumerateArray();
        Assert.Equal([(0, "<bos>"), (1, "<eos>"), (2, "<pad>")],
            added.Select(t => (t.GetProperty("id").GetInt32(), t.GetProperty("content").GetString()!)));
        Assert.Equal(512, Read("tokenizer_config.json").GetProperty("model_max_length").GetInt32());
        Assert.Equal("<eos>", Read("special_tokens_map.json").GetProperty("eos_token").GetString());
        Assert.Equal(3, Directory.GetFiles(_folder).Length);
    }

    [Fact]
    public void The_library_reads_it_and_encodes_any_text_as_the_readable_twin_does()
    {
        var vocabulary = BpeTrainer.Train(SampleText.Words(), 400);
        TokenizerFolder.Write(_folder, vocabulary, maxLength: 512);
        var tokenizer = TokenizerFile.Load(Path.Combine(_folder, "tokenizer.json"));

        Assert.Equal((400, 0, true), (tokenizer.VocabSize, tokenizer.Bos, tokenizer.AddsBos));
        for (var seed = 0; seed < 60; seed++)
        {
            var text = SampleText.AnyUnicode(seed, 100) + SampleText.Sentence(seed % 6);
            Assert.Equal(SlowBpe.Encode(vocabulary, text), tokenizer.Encode(text, bos: false));
            Assert.Equal(text, tokenizer.Decode(tokenizer.Encode(text), skipSpecial: true));
        }
        Assert.Equal([0, tokenizer.SingleToken("a"), 1], tokenizer.Encode("a<eos>"));
    }

    private JsonElement Read(string name) => JsonDocument.Parse(File.ReadAllText(Path.Combine(_folder, name))).RootElement;
}
