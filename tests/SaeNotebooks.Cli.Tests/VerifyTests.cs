using System.Text;
using SaeNotebooks.Checkpoints;
using SaeNotebooks.Cli.Verifying;
using SaeNotebooks.Saes;
using SaeNotebooks.Saes.Formats;
using SaeNotebooks.Tests.Hub;
using static TorchSharp.torch;

namespace SaeNotebooks.Cli.Tests;

/// <summary>The verb <c>verify</c> on a release of the registry, fetched with its model from a hub.</summary>
public sealed class VerifyTests : IDisposable
{
    private const string Release = "sae-llama-3-8b-32x", Repository = "EleutherAI/sae-llama-3-8b-32x", Model = "meta-llama/Meta-Llama-3-8B";
    private const int InputWidth = 192, Width = 768, PublishedL0 = 192; // the release says that 192 latents fire

    private readonly LoopbackHub _hub = new();

    public VerifyTests()
    {
        var model = Path.Combine(SaeNotebooks.Cli.Repository.Find().Root, "data", "models", "tiny");
        _hub.With(Model, [.. Directory.GetFiles(model).Where(f => Path.GetExtension(f) != ".md").Select(f => (Path.GetFileName(f), File.ReadAllBytes(f)))]);
    }

    public void Dispose() => _hub.Dispose();

    [Fact]
    public async Task A_release_is_fetched_with_its_model_measured_and_compared()
    {
        _hub.With(Repository, ("layers.3/sae.safetensors", Weights()), ("layers.3/cfg.json", Config(PublishedL0)));
        var first = await Verify("--release", Release, "--id", "layers.3");
        Assert.Equal(0, first.ExitCode);
        Assert.Contains("agrees: L0", first.Output);
        Assert.Contains($"published: {Release}/layers.3; by its publishers; {Repository}/layers.3", first.Output);
        Assert.Contains("without padding, the first token of each prompt (BOS)", first.Output);

        var asked = _hub.Requests.Count;
        var again = await Verify("--sae", $"{Repository}:layers.3"); // the same by its repository
        Assert.Equal(Measured(first), Measured(again));
        Assert.DoesNotContain(_hub.Requests.Skip(asked), r => r.Path.Contains("/resolve/") && r.Method == "GET");
    }

    [Fact]
    public async Task An_SAE_that_does_not_do_what_was_published_is_found_out()
    {
        _hub.With(Repository, ("layers.3/sae.safetensors", Weights()), ("layers.3/cfg.json", Config(k: 16)));
        var result = await Verify("--release", Release, "--id", "layers.3");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("differs: L0 is 16, published 192", result.Output);
    }

    [Theory]
    [InlineData("{\"l0\": 3}")]
    [InlineData("[{\"hook\": \"blocks.0.hook_resid_post\"}]")]
    [InlineData("[null]")]
    [InlineData("no JSON")]
    public void A_card_of_another_kind_beside_an_SAE_is_no_publication(string card)
    {
        var shipped = SaeReference.Of("tiny:blocks.0.hook_resid_post");
        using var sae = shipped.Load();
        var folder = Path.Combine(_hub.Folder, "sae");
        SaeLensFormat.Save(sae, folder);
        File.WriteAllText(Path.Combine(_hub.Folder, "card.json"), card);
        Assert.Null(Cards.Of(SaeReference.Of(folder), sae));
        Assert.NotNull(Cards.Of(shipped, sae));
    }

    [Theory]
    [InlineData("empty.txt", "", "There is no text of at least two tokens to read.")]
    [InlineData("list.jsonl", "[1]\n", "list.jsonl, line 1 has no text under the key \"text\"")]
    [InlineData("none.txt", null, "There is no file or folder")]
    public void A_corpus_without_text_is_said_in_one_line(string name, string? content, string problem)
    {
        var path = Path.Combine(_hub.Folder, name);
        if (content is not null) File.WriteAllText(path, content);
        using var bench = Workbench.Open("tiny");
        var message = Assert.ThrowsAny<Exception>(() => Corpus.Read(path, bench.Model, documents: 4, length: 40)).Message;
        Assert.Contains(problem, message);
        Assert.DoesNotContain("Parameter", message);
        Assert.Contains("--length cuts files", Assert.Throws<CliException>(() => Corpus.Read(Corpus.Embedded, bench.Model, documents: 4, length: 40)).Message);
        File.WriteAllText(path, "some text");
        if (path.EndsWith(".txt", StringComparison.Ordinal)) Assert.Contains("a piece has at least 2", Assert.Throws<CliException>(() => Corpus.Read(path, bench.Model, documents: 4, length: 1)).Message);
    }

    private Task<ChildProcess.Result> Verify(params string[] sae)
    {
        var text = Path.Combine(_hub.Folder, "text.txt");
        File.WriteAllText(text, string.Join(' ', Enumerable.Repeat("The cat sleeps in the garden. Le chien mange la pomme.", 12)));
        return ChildProcess.Run("dotnet", [typeof(ChildProcess).Assembly.Location, "verify", .. sae, "--corpus", text, "--length", "40", "--documents", "4"],
            environment: new Dictionary<string, string>
            {
                ["HF_ENDPOINT"] = _hub.Options.Endpoint, ["HF_HUB_CACHE"] = _hub.Options.CacheFolder, ["HF_HOME"] = _hub.Folder, ["HF_TOKEN"] = "", ["HF_HUB_OFFLINE"] = "",
            });
    }

    /// <summary>The table's lines.</summary>
    private static string[] Measured(ChildProcess.Result result) => [.. result.Output.Split('\n').Where(l => l.Contains('│'))];

    private static byte[] Config(int k) => Encoding.UTF8.GetBytes(
        $$"""{"activation": "topk", "expansion_factor": 4, "normalize_decoder": true, "num_latents": 0, "k": {{k}}, "multi_topk": false, "skip_connection": false, "transcode": false, "d_in": {{InputWidth}}}""");

    private byte[] Weights()
    {
        using var scope = NewDisposeScope();
        var random = manual_seed(1);
        var decoder = nn.functional.normalize(randn([Width, InputWidth], generator: random), dim: -1);
        var file = Path.Combine(_hub.Folder, "sae.safetensors");
        SafetensorsWriter.Write(file, new Dictionary<string, Tensor>
        {
            ["encoder.weight"] = decoder, ["encoder.bias"] = zeros(Width), ["W_dec"] = decoder.clone(), ["b_dec"] = zeros(InputWidth),
        });
        return File.ReadAllBytes(file);
    }
}
