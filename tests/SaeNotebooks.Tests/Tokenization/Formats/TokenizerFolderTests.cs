using System.Text;
using System.Text.Json;
using SaeNotebooks.Checkpoints;
using SaeNotebooks.Tokenization;
using static SaeNotebooks.Tests.Tokenization.LlamaLikeSamples;

namespace SaeNotebooks.Tests.Tokenization.Formats;

public sealed class TokenizerFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tokenizer").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder, name), text);

    private void WriteGpt2(string vocabulary, string merges)
    {
        string[] entries = [.. ByteAlphabet.Characters.Select(c => c.ToString()), "ab", "Ġab", "<|endoftext|>"];
        Write(vocabulary, JsonSerializer.Serialize(entries.Select((t, i) => (t, i)).ToDictionary()));
        Write(merges, "#version: 0.2\na b\nĠ ab\n");
    }

    [Theory]
    [InlineData("vocab.json", "merges.txt")]
    [InlineData("encoder.json", "vocab.bpe")]
    public void Gpt2sTwoFilesAreATokenizerWithoutBosBefore(string vocabulary, string merges)
    {
        WriteGpt2(vocabulary, merges);
        var tokenizer = TokenizerFile.Load(_folder);
        Assert.Equal([257, 258], tokenizer.Encode(" ab<|endoftext|>"));
        Assert.Equal((258, false), (tokenizer.Bos!.Value, tokenizer.AddsBos));
    }

    [Fact]
    public void ASentencePieceModelIsFoundUnderItsName()
    {
        File.WriteAllBytes(Path.Combine(_folder, "tokenizer.model"), SentencePiece(Pieces("ab")));
        Assert.Equal((1, true), (TokenizerFile.Load(_folder).Bos!.Value, TokenizerFile.Load(_folder).AddsBos));
    }

    [Fact]
    public void LlamaThreesRanksAreFoundUnderTheSameName()
    {
        // As many ranks as Llama 3 has; beyond the sample's, tokens of four bytes that no text merges into.
        var filler = Enumerable.Range(Ranks().Count, 128_000 - Ranks().Count).Select(i => (Bytes: (byte[])[0xFF, (byte)(i >> 16), (byte)(i >> 8), (byte)i], i));
        var lines = Ranks().Select(r => (Bytes: ByteAlphabet.Decode(r.Text)!, r.Rank)).Concat(filler).Select(l => $"{Convert.ToBase64String(l.Bytes)} {l.Item2}\n");
        File.WriteAllBytes(Path.Combine(_folder, "tokenizer.model"), Encoding.ASCII.GetBytes(string.Concat(lines)));
        Assert.Equal([128_000, 256, 128_009], TokenizerFile.Load(_folder).Encode("ab<|eot_id|>"));
    }

    [Fact]
    public void AFolderWithoutTokenizerSaysWhatWasLookedFor()
    {
        Assert.Null(TokenizerFile.InFolder(_folder));
        Assert.Contains("has no tokenizer; looked for tokenizer.json, tokenizer.model, vocab.json with merges.txt",
            Assert.Throws<CheckpointException>(() => TokenizerFile.Load(_folder)).Message);
        Assert.Contains("cannot be read", Assert.Throws<CheckpointException>(() => TokenizerFile.Load(Path.Combine(_folder, "none.json"))).Message);
    }

    [Theory]
    [InlineData("""{"add_bos_token":false}""", 1, false)]
    [InlineData("""{"add_bos_token":true}""", 1, true)]
    [InlineData("""{"add_bos_token":null,"bos_token":"<s>"}""", 1, true)]
    [InlineData("""{"add_bos_token":false,"bos_token":null}""", 1, false)]
    [InlineData("""{}""", 1, true)]
    public void TheConfigurationSaysWhetherBosIsAdded(string config, int bos, bool adds)
    {
        File.WriteAllBytes(Path.Combine(_folder, "tokenizer.model"), SentencePiece(Pieces("ab")));
        Write("tokenizer_config.json", config);
        Assert.Equal((bos, adds), (TokenizerFile.Load(_folder).Bos!.Value, TokenizerFile.Load(_folder).AddsBos));
    }

    [Theory]
    [InlineData("""{"bos_token":null}""", null, false)] // Qwen has none
    [InlineData("""{"bos_token":{"content":"ab"},"add_bos_token":true}""", 256, true)]
    [InlineData("""{"bos_token":"<|endoftext|>"}""", 258, false)]
    public void TheConfigurationNamesBos(string config, int? bos, bool adds)
    {
        WriteGpt2("vocab.json", "merges.txt");
        Write("tokenizer_config.json", config);
        var tokenizer = TokenizerFile.Load(_folder);
        Assert.Equal((bos, adds), (tokenizer.Bos, tokenizer.AddsBos));
    }

    [Theory]
    [InlineData("""{"add_bos_token":true,"bos_token":null}""", "'add_bos_token': is true, but the tokenizer has no BOS token")]
    [InlineData("""{"add_bos_token":"yes"}""", "'add_bos_token': expected true or false")]
    [InlineData("""{""", "is not valid JSON")]
    public void AConfigurationThatMakesNoSenseIsRefused(string config, string problem)
    {
        WriteGpt2("vocab.json", "merges.txt");
        Write("tokenizer_config.json", config);
        var error = Assert.Throws<CheckpointException>(() => TokenizerFile.Load(_folder));
        Assert.Contains(problem, error.Message);
        Assert.EndsWith("tokenizer_config.json", error.File);
    }

    [Theory]
    [InlineData("merges.txt", "a b c\n", "'a b c': is not two tokens")]
    [InlineData("merges.txt", "a xyz\n", "merges 'xyz', which is not in the vocabulary")]
    [InlineData("vocab.json", """{"a":0,"b":0}""", "'b': has the id 0, which 'a' has too")]
    [InlineData("vocab.json", """{"a":-1}""", "'a': has the id -1")]
    [InlineData("vocab.json", """{"a":2000000000}""", "'a': has the id 2000000000")]
    [InlineData("vocab.json", """{"a":"0"}""", "'a': expected a whole number")]
    [InlineData("vocab.json", """[]""", "expected an object")]
    [InlineData("vocab.json", """{"a":0,"b":1,"ab":2,"Ġ":3,"Ġab":4}""", "'<|endoftext|>': is not in the vocabulary")]
    public void DamagedFilesAreRefused(string name, string content, string problem)
    {
        WriteGpt2("vocab.json", "merges.txt");
        Write(name, content);
        Assert.Contains(problem, Assert.Throws<CheckpointException>(() => TokenizerFile.Load(_folder)).Message);
    }
}
