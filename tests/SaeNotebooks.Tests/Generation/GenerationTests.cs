using SaeNotebooks.Generation;
using SaeNotebooks.Hooks;
using SaeNotebooks.Models;
using SaeNotebooks.Tests.Goldens;
using static TorchSharp.torch;

namespace SaeNotebooks.Tests.Generation;

public sealed class GenerationTests : IDisposable
{
    private static readonly int[] Prompt = [2, 17, 40, 5, 99, 200, 31];
    private static readonly GenerationOptions Twenty = new() { MaxNewTokens = 20, StopTokens = [] };
    private readonly HookedTransformer _model = TestModels.Load("llama");

    public void Dispose() => _model.Dispose();

    /// <summary>The slow readable twin: the whole sequence again for every token, edits at absolute positions.</summary>
    private List<int> Uncached(IReadOnlyList<int> prompt, int count, Func<int, Edits>? editsForLength = null)
    {
        List<int> ids = [.. prompt];
        for (var i = 0; i < count; i++)
        {
            using var run = _model.Run(new TokenBatch([ids]), edits: editsForLength?.Invoke(ids.Count));
            using var next = run.Logits[0, -1].argmax();
            ids.Add((int)next.item<long>());
        }
        return ids[prompt.Count..];
    }

    [Theory]
    [InlineData("llama"), InlineData("llama_tied"), InlineData("llama_bf16")]
    public void GreedyTokensAgreeWithTheReference(string family)
    {
        using var golden = new Golden(family, family == "llama_bf16" ? "golden_fp32_compute.safetensors" : "golden.safetensors");
        using var model = TestModels.Load(family);
        foreach (var prompt in new[] { 0, 1 })
        {
            var ids = golden.Ids($"prompt{prompt}");
            Assert.Equal(golden.Ids($"gen.single{prompt}")[ids.Length..], model.Generate(ids, Twenty).Ids);
        }
    }

    [Fact]
    public void APaddedBatchGeneratesWhatEachPromptGeneratesAlone()
    {
        using var golden = new Golden("llama");
        int[][] prompts = [golden.Ids("prompt0"), golden.Ids("prompt1")];
        var together = _model.GenerateAll(prompts, Twenty);
        var reference = golden.Rows("gen.left");
        for (var i = 0; i < 2; i++) Assert.Equal(reference[i][^20..], together[i].Ids);
        Assert.Equal(together.Select(t => t.Text), _model.GenerateAll(prompts, Twenty with { BatchSize = 1 }).Select(t => t.Text));
    }

    [Fact]
    public void TheCacheChangesNothing() => Assert.Equal(Uncached(Prompt, 20), _model.Generate(Prompt, Twenty).Ids);

    [Fact]
    public void EditsApplyWhileGeneratingAtThePositionsTheyName()
    {
        using var vector = randn(48, generator: manual_seed(3)) * 4;
        var at = Hook.ResidPost(1);
        List<int> Cached(Positions positions) => [.. _model.Generate(Prompt, Twenty, Edit.Add(at, vector, positions)).Ids];
        List<int> Slow(Func<int, int, bool> selects) => Uncached(Prompt, 20, length =>
            Edit.Custom(at, (x, _) => x + vector * tensor([.. Enumerable.Range(0, length).Select(i => selects(i, length) ? 1f
                : 0f)]).unsqueeze(-1)));

        var n = Prompt.Length;
        Assert.Equal(Slow((_, _) => true), Cached(Positions.All));
        Assert.Equal(Slow((i, _) => i < n), Cached(Positions.Prompt));
        Assert.Equal(Slow((i, _) => i >= n), Cached(Positions.Generated));
        Assert.Equal(Slow((i, _) => i == n - 1), Cached(Positions.Last));
        Assert.Equal(Slow((i, _) => i >= n - 1), Cached(Positions.LastAndGenerated));
        Assert.Equal(Slow((i, _) => i > 0), Cached(Positions.AllButBos));
        Assert.NotEqual(Uncached(Prompt, 20), Cached(Positions.Generated));
    }

    [Fact]
    public void EditsOfPatternsApplyUnderTheCacheToo()
    {
        var edit = Edit.Custom(Hook.Pattern(2), (p, _) => p.index_fill(3, tensor(new long[] { 2 }), 0));
        Assert.Equal(Uncached(Prompt, 10, _ => edit), _model.Generate(Prompt, Twenty with { MaxNewTokens = 10 }, edit).Ids);
    }

    [Fact]
    public void AStopTokenEndsTheTextAndIsNoPartOfIt()
    {
        var free = _model.Generate(Prompt, Twenty);
        var stop = free.Tokens[5].Id;
        var first = free.Ids.ToList().IndexOf(stop);
        var stopped = _model.Generate(Prompt, Twenty with { StopTokens = [stop] });
        Assert.Equal(free.Ids.Take(first), stopped.Ids);
        Assert.Equal((FinishReason.Length, FinishReason.StopToken), (free.Finish, stopped.Finish));

        var batch = _model.GenerateAll([Prompt, Prompt[..3]], Twenty with { StopTokens = [stop] });
        Assert.Equal(stopped.Ids, batch[0].Ids);
        Assert.Equal(_model.Generate(Prompt[..3], Twenty with { StopTokens = [stop] }).Ids, batch[1].Ids);
    }

    /// <summary>Prompts that end early leave the batch while the others go on.</summary>
    [Fact]
    public void ABatchThatShrinksGeneratesWhatEachPromptGeneratesAlone()
    {
        var random = new Random(5);
        var prompts = Enumerable.Range(0, 9).Select(i => (IReadOnlyList<int>)[2, .. Enumerable.Range(0, 3 + i).Select(_ =>
            random.Next(3, 320))]).ToList();
        var stops = prompts.Select((p, i) => _model.Generate(p, Twenty).Tokens[2 * i + 1].Id).ToList();
        var options = Twenty with { StopTokens = stops };
        var together = _model.GenerateAll(prompts, options);
        Assert.True(together.Select(t => t.Tokens.Count).Distinct().Count() > 3);
        foreach (var (prompt, result) in prompts.Zip(together)) Assert.Equal(_model.Generate(prompt, options).Ids, result.Ids);
    }

    [Fact]
    public void OneVectorPerPromptFollowsItsPromptThroughTheBatches()
    {
        using var vectors = randn(5, 48, generator: manual_seed(2)) * 3;
        var prompts = Enumerable.Range(0, 5).Select(i => (IReadOnlyList<int>)[2, .. Enumerable.Range(10, 7 - i)]).ToList();
        var together = _model.GenerateAll(prompts, Twenty with { BatchSize = 2 }, Edit.Replace(Hook.ResidPost(2), vectors, Positions.Last));
        for (var i = 0; i < 5; i++)
        {
            using var mine = vectors[i];
            Assert.Equal(_model.Generate(prompts[i], Twenty, Edit.Replace(Hook.ResidPost(2), mine, Positions.Last)).Ids, together[i].Ids);
        }
        using var whole = zeros(1, 7, 48);
        Assert.Contains("one per prompt", Assert.Throws<ArgumentException>(() =>
            _model.GenerateAll(prompts, Twenty, Edit.Replace(Hook.ResidPost(2), whole, Positions.At(0)))).Message);
    }

    [Fact]
    public void StreamsYieldTheSameTokensAndComputeOnlyThoseAskedFor()
    {
        var all = _model.Generate(Prompt, Twenty);
        var seen = new List<Token>();
        _model.Generate(Prompt, Twenty, onToken: seen.Add);
        Assert.Equal(all.Tokens, seen);
        Assert.Equal(all.Tokens, _model.GenerateStream(Prompt, Twenty));

        var passes = 0;
        var counter = Edit.Custom(Hook.Embed, (x, _) => { passes++; return x; });
        Assert.Equal(all.Tokens.Take(3), _model.GenerateStream(Prompt, Twenty, counter).Take(3));
        Assert.Equal(3, passes);
    }

    [Fact]
    public void SamplingIsDecidedByItsSeed()
    {
        var hot = Twenty with { Temperature = 1.5, TopK = 50, TopP = 0.9, Seed = 7 };
        Assert.Equal(_model.Generate(Prompt, hot).Ids, _model.Generate(Prompt, hot).Ids);
        Assert.NotEqual(_model.Generate(Prompt, hot).Ids, _model.Generate(Prompt, hot with { Seed = 8 }).Ids);
        Assert.Equal(_model.Generate(Prompt, Twenty).Ids, _model.Generate(Prompt, hot with { TopK = 1 }).Ids);
        Assert.Equal(_model.Generate(Prompt, Twenty).Ids, _model.Generate(Prompt, hot with { TopK = null, TopP = 1e-9 }).Ids);
    }

    [Fact]
    public void TooLongAPromptIsRefusedBeforeAnythingRuns()
    {
        var ran = false;
        var spy = Edit.Custom(Hook.Embed, (x, _) => { ran = true; return x; });
        var error = Assert.Throws<ArgumentException>(() => _model.GenerateStream(Prompt, Twenty with { MaxNewTokens = 122 }, spy));
        Assert.Contains("7 tokens and 122 new ones exceed the model's context of 128", error.Message);
        Assert.Throws<ArgumentException>(() =>
            _model.GenerateAll([[2], [.. Enumerable.Repeat(2, 120)]], Twenty with { BatchSize = 1 }, spy));
        Assert.False(ran);
        Assert.Throws<ArgumentOutOfRangeException>(() => _model.Generate(Prompt, Twenty with { TopP = 1.5 }));
    }

    [Fact]
    public void ACancelledGenerationStops()
    {
        using var source = new CancellationTokenSource();
        var made = 0;
        Assert.Throws<OperationCanceledException>(() =>
            _model.Generate(Prompt, Twenty, onToken: _ => { if (++made == 4) source.Cancel(); }, cancellation: source.Token));
        Assert.Equal(4, made);
    }

    [Fact]
    public void WithoutATokenizerTextIsRefused()
    {
        Assert.Contains("tokenizer.json", Assert.Throws<InvalidOperationException>(() => _model.Generate("hello")).Message);
        Assert.Contains("tokenizer.json", Assert.Throws<InvalidOperationException>(() => _model.Run("hello")).Message);
    }
}
