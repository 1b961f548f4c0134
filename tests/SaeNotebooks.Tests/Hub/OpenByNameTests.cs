using System.Text.Json;
using SaeNotebooks.Checkpoints;
using SaeNotebooks.Hooks;
using SaeNotebooks.Hub;
using SaeNotebooks.Saes;
using SaeNotebooks.Saes.Registry;
using SaeNotebooks.Tests.Goldens;
using SaeNotebooks.Tests.Models;
using static TorchSharp.torch;

namespace SaeNotebooks.Tests.Hub;

/// <summary>Models opened by name from a hub on the loopback address.</summary>
public sealed class OpenByNameTests : IDisposable
{
    private readonly TemporaryData _data = new();
    private readonly LoopbackHub _hub = new();
    private readonly TemporaryVariables _variables;

    public OpenByNameTests()
    {
        byte[] config = File.ReadAllBytes(Golden.PathOf("llama", "config.json")), weights = File.ReadAllBytes(Golden.PathOf("llama", "model.safetensors"));
        _hub.With("meta-llama/Llama-3.2-1B", ("config.json", config), ("model.safetensors", weights), ("original/consolidated.00.pth", [1]), ("pytorch_model.bin", [2]),
            ("README.md", [3]), ("onnx/model.onnx", [4]), ("flax_model.msgpack", [5]), ("special_tokens_map.json", "{}"u8.ToArray()));
        _variables = new(("HF_ENDPOINT", _hub.Options.Endpoint), ("HF_HOME", _hub.Folder), ("HF_HUB_CACHE", null), ("HF_TOKEN", null), ("HF_HUB_OFFLINE", null));
    }

    public void Dispose()
    {
        _variables.Dispose();
        _hub.Dispose();
        _data.Dispose();
    }

    [Theory]
    [InlineData("llama-3.2-1b", "llama-3.2-1b")]
    [InlineData("meta-llama/Llama-3.2-1B", "llama-3.2-1b")]
    [InlineData("meta-llama/Llama-3.2-1B@refs/pr/7", "llama-3.2-1b")]
    public void A_short_name_or_a_repository_opens_the_model(string text, string name)
    {
        using var bench = Workbench.Open(text, dtype: ScalarType.Float32);
        using var golden = TestModels.Load("llama");
        using var expected = golden.Run(new[] { 2, 17, 40 });
        using var actual = bench.Model.Run(new[] { 2, 17, 40 });
        Compare.MaxAbs(expected.Logits, actual.Logits, 0, "logits");
        Assert.Equal((name, "meta-llama/Llama-3.2-1B"), (bench.Name, bench.Known.Repository));
    }

    [Fact]
    public void A_published_SAE_comes_from_the_hub_by_release_and_id()
    {
        _hub.With("google/gemma-scope-2b-pt-res", ("layer_12/width_16k/average_l0_82/params.npz", File.ReadAllBytes(Golden.PathOf("sae_gemma_scope", "params_deflate.npz"))));
        using var sae = SaeRegistry.Load("gemma-scope-2b-pt-res-canonical", "layer_12/width_16k/canonical");
        Assert.Equal(("google/gemma-2-2b", 128), (sae.Config.ModelName, sae.Width));
    }

    [Fact]
    public void A_reference_to_an_SAE_may_have_slashes_on_both_sides_of_its_colon()
    {
        var sparsify = Golden.PathOf("sae_sparsify_topk", "layers.1");
        _hub.With("google/gemma-scope-2b-pt-res", ("layer_12/width_16k/average_l0_82/params.npz", File.ReadAllBytes(Golden.PathOf("sae_gemma_scope", "params_deflate.npz"))));
        _hub.With("EleutherAI/sae-pythia-160m-32k", [.. Directory.GetFiles(sparsify).Select(f => ($"layers.6/{Path.GetFileName(f)}", File.ReadAllBytes(f)))]);

        using var release = SaeReference.Of("gemma-scope-2b-pt-res-canonical:layer_12/width_16k/canonical").Load();
        Assert.Equal((Hook.ResidPost(12), 128), (release.Config.Hook, release.Width));
        using var repository = SaeReference.Of("EleutherAI/sae-pythia-160m-32k:layers.6").Load();
        Assert.Equal(Hook.ResidPost(6), repository.Config.Hook);
        Assert.Contains("did you mean", Assert.Throws<ReferenceException>(() => SaeReference.Of("gemma-scope-2b-pt-res-canonical:layer_12/width_17k/canonical")).Message);
    }

    /// <summary>GPT-2 and its SAE of blocks.8.hook_resid_pre, tiny: the golden's layers thrice.</summary>
    [Fact]
    public void The_SAE_that_a_models_record_names_comes_with_the_model()
    {
        using var folder = new ModelFolder("gpt2", c => c["n_layer"] = 12, weights =>
        {
            foreach (var name in weights.Keys.Where(n => n.StartsWith("transformer.h.", StringComparison.Ordinal)).ToList())
                for (var copy = 1; copy < 3; copy++)
                {
                    var parts = name.Split('.');
                    parts[2] = $"{int.Parse(parts[2]) + 4 * copy}";
                    weights[string.Join('.', parts)] = weights[name];
                }
        });
        using var scope = NewDisposeScope();
        var sae = Directory.CreateDirectory(folder.PathOf("sae")).FullName;
        SafetensorsWriter.Write(Path.Combine(sae, "sae_weights.safetensors"), new Dictionary<string, Tensor>
            { ["W_enc"] = randn(48, 96), ["W_dec"] = randn(96, 48), ["b_enc"] = zeros(96), ["b_dec"] = zeros(48) });
        File.WriteAllText(Path.Combine(sae, "cfg.json"), """{"model_name": "gpt2-small", "hook_point": "blocks.8.hook_resid_pre", "hook_point_layer": 8, "d_in": 48, "d_sae": 96, "activation_fn_str": "relu", "prepend_bos": true}""");
        (string, byte[]) Of(string directory, string file, string at = "") => (at + file, File.ReadAllBytes(Path.Combine(directory, file)));
        _hub.With("openai-community/gpt2", Of(folder.Path, "config.json"), Of(folder.Path, "model.safetensors"));
        const string place = "blocks.8.hook_resid_pre/";
        _hub.With("jbloom/GPT2-Small-SAEs-Reformatted", Of(sae, "sae_weights.safetensors", place), Of(sae, "cfg.json", place));

        using var bench = Workbench.Open("gpt2");
        Assert.Equal([bench.Known.Hook], bench.SaeHooks);
        using var run = bench.Model.Run(new[] { 2, 17, 40 }, bench.Known.Hook);
        using var latents = bench.Sae(bench.Known.Hook).Encode(run[bench.Known.Hook]);
        Assert.Equal((3, 96), (latents.Tokens, bench.Sae(bench.Known.Hook).Width));
        Assert.Contains("blocks.8.hook_resid_pre", Assert.Throws<ReferenceException>(() => bench.Sae(Hook.ResidPost(3))).Message);
    }

    [Fact]
    public void Only_what_the_model_needs_is_transferred()
    {
        using var bench = Workbench.Open("llama-3.2-1b");
        Assert.Equal(["config.json", "model.safetensors", "special_tokens_map.json"],
            _hub.Requests.Where(r => r.Method == "GET" && r.Path.Contains("/resolve/")).Select(r => r.Path.Split('/')[^1]).Order());
        Assert.Equal(ScalarType.BFloat16, bench.Model.Dtype); // as its record says
    }

    [Fact]
    public void A_second_time_nothing_is_transferred_and_offline_nothing_is_asked()
    {
        using (Workbench.Open("llama-3.2-1b")) { }
        var asked = _hub.Requests.Count;
        using (Workbench.Open("llama-3.2-1b")) { }
        Assert.Equal(["/api/models/meta-llama/Llama-3.2-1B/revision/main"], _hub.Requests.Skip(asked).Select(r => r.Path));
        using var offline = new TemporaryVariables(("HF_HUB_OFFLINE", "1"));
        using (Workbench.Open("llama-3.2-1b")) { }
        Assert.Equal(asked + 1, _hub.Requests.Count);
        var error = Assert.Throws<HubException>(() => Workbench.Open("gpt2"));
        Assert.Contains("does not have openai-community/gpt2; HF_HUB_OFFLINE is set", error.Message);
    }

    [Fact]
    public void A_sharded_model_is_its_index_and_shards()
    {
        using var scope = NewDisposeScope();
        using var file = SaeNotebooks.Checkpoints.SafetensorsFile.Open(Golden.PathOf("llama", "model.safetensors"));
        var map = new Dictionary<string, string>();
        var files = new List<(string, byte[])> { ("config.json", File.ReadAllBytes(Golden.PathOf("llama", "config.json"))), ("consolidated.safetensors", [1]) };
        foreach (var (i, names) in file.Tensors.Keys.Order().Chunk(20).Index())
        {
            var shard = $"model-{i + 1:00000}-of-00002.safetensors";
            SaeNotebooks.Checkpoints.SafetensorsWriter.Write(Path.Combine(_hub.Folder, shard), names.ToDictionary(n => n, n => file.Read(n)));
            files.Add((shard, File.ReadAllBytes(Path.Combine(_hub.Folder, shard))));
            foreach (var name in names) map[name] = shard;
        }
        files.Add(("model.safetensors.index.json", JsonSerializer.SerializeToUtf8Bytes(new { weight_map = map })));
        _hub.With("mistralai/Mistral-7B-v0.1", [.. files]);
        using var bench = Workbench.Open("mistral-7b", dtype: ScalarType.Float32);
        Assert.DoesNotContain(_hub.Requests, r => r.Path.Contains("consolidated"));
        Assert.Equal(48, bench.Model.Config.DModel);
    }

    [Fact]
    public void A_repository_that_nobody_knows_opens_with_its_own_name_and_float32()
    {
        _hub.With("someone/my-llama", ("config.json", File.ReadAllBytes(Golden.PathOf("llama", "config.json"))), ("model.safetensors", File.ReadAllBytes(Golden.PathOf("llama", "model.safetensors"))));
        using var bench = Workbench.Open("someone/my-llama");
        Assert.Equal(("my-llama", ScalarType.Float32), (bench.Name, bench.Model.Dtype));
        Assert.Equal(("my-llama", null, null), (bench.Known.Name, bench.Known.Repository, bench.Known.Sae)); // what goes for any model
        Assert.Equal(Hook.ResidPost(bench.Model.Config.NLayers / 2), bench.Known.HookAt(null));
        Assert.Empty(bench.Known.Examples);
    }

    [Fact]
    public void A_repository_without_safetensors_says_what_it_has()
    {
        _hub.With("org/pickles", ("config.json", [1]), ("pytorch_model.bin", [2]));
        _hub.With("org/data", ("train.csv", [1]));
        Assert.Contains("org/pickles has neither model.safetensors nor model.safetensors.index.json (but pytorch_model.bin); only safetensors are read",
            Assert.Throws<HubException>(() => Workbench.Open("org/pickles")).Message);
        Assert.Contains("org/data has no config.json", Assert.Throws<HubException>(() => Workbench.Open("org/data")).Message);
    }

    [Fact]
    public void A_folder_comes_before_a_repository_and_neither_is_said_so()
    {
        var before = Environment.CurrentDirectory;
        Environment.CurrentDirectory = _data.Folder;
        try
        {
            Assert.Equal(Path.Combine(_data.Folder, "models", "bare"), Reference.ToModel("models/bare").Folder);
            Assert.Empty(_hub.Requests);
            var error = Assert.Throws<ReferenceException>(() => Reference.ToModel("models/bear"));
            Assert.Contains("no folder 'models/bear' here. There is no repository 'models/bear'", error.Message);
        }
        finally { Environment.CurrentDirectory = before; }
    }

    [Fact]
    public void A_misspelt_name_is_answered_with_the_nearest_and_nobody_is_asked()
    {
        var error = Assert.Throws<ReferenceException>(() => Workbench.Open("gemma-2-2c"));
        Assert.Contains("no model 'gemma-2-2c'; shipped are bare, tiny; did you mean gemma-2-2b or gemma-2-9b or gemma-2b?", error.Message);
        Assert.Empty(_hub.Requests);
    }

    [Fact]
    public void A_name_opens_without_any_data_folder()
    {
        var before = Environment.CurrentDirectory;
        using var none = new TemporaryVariables((DataFolder.Variable, null));
        Environment.CurrentDirectory = _hub.Folder;
        try { using var bench = Workbench.Open("llama-3.2-1b"); }
        finally { Environment.CurrentDirectory = before; }
    }

    [Fact]
    public void A_long_download_shows_how_far_it_has_come()
    {
        var shown = new StringWriter();
        var before = Console.Error;
        Console.SetError(shown);
        _hub.MisbehaveCdn = _ => new(200, File.ReadAllBytes(Golden.PathOf("llama", "model.safetensors"))) { Pause = TimeSpan.FromMilliseconds(200) };
        try { using var bench = Workbench.Open("llama-3.2-1b"); }
        finally { Console.SetError(before); }
        Assert.Matches(@"Downloading meta-llama/Llama-3\.2-1B: 1 MB in .* s", shown.ToString());
    }
}
