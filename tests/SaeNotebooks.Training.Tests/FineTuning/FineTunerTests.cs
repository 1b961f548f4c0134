using System.Text.Json.Nodes;
using SaeNotebooks.Checkpoints;
using SaeNotebooks.Training.Bpe;
using SaeNotebooks.Training.FineTuning;
using SaeNotebooks.Training.LanguageModels;
using SaeNotebooks.Training.Tests.Bpe;
using SaeNotebooks.Training.Tests.LanguageModels;
using static TorchSharp.torch;

namespace SaeNotebooks.Training.Tests.FineTuning;

[Collection(TensorTests.Name)]
public sealed class FineTunerTests : IDisposable
{
    private const int Vocabulary = 300;
    private static readonly DecoderShape Shape = Toy.Shape with { Vocabulary = Vocabulary };
    private static readonly FineTuningPlan Plan = new() { Steps = 8, WarmUp = 2, TokensPerBatch = 256, Rate = 3e-3 };
    private readonly string _folder = Directory.CreateTempSubdirectory("fine-tuning-").FullName;

    public FineTunerTests()
    {
        using var parameters = new DecoderParameters(Shape, seed: 4);
        HuggingFaceCheckpoint.Write(parameters, Base);
        TokenizerFolder.Write(Base, BpeTrainer.Train(SampleText.Words(), Vocabulary), maxLength: 48);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Base => Path.Combine(_folder, "base");

    private static IReadOnlyList<TrainingExample> Examples => [.. Enumerable.Range(0, 40).Select(i => new Toy()[3 * i])];

    public static TheoryData<bool> InFullAndByAdapters => [false, true];

    private static FineTuningPlan PlanOf(bool adapters) => adapters ? Plan with { Lora = new(Rank: 4), Rate = 3e-2 } : Plan;

    [Theory]
    [MemberData(nameof(InFullAndByAdapters))]
    public void The_loss_of_the_answers_falls(bool adapters)
    {
        using var tuner = new FineTuner(Base, PlanOf(adapters) with { Steps = 40 }, Examples);
        var losses = tuner.Run().Select(s => s.Loss).ToList();
        var fall = adapters ? 0.1 : 1; // adapters leave the random unembedding as it is, and with it most of the loss
        Assert.True(losses.TakeLast(5).Average() < losses[0] - fall, string.Join(' ', losses.Select(l => l.ToString("F2"))));
    }

    [Theory]
    [MemberData(nameof(InFullAndByAdapters))]
    public void Killed_and_resumed_it_ends_at_the_same_weights(bool adapters)
    {
        var state = Path.Combine(_folder, "state.safetensors");
        using (var whole = new FineTuner(Base, PlanOf(adapters), Examples)) Finish(whole, "whole");
        using (var killed = new FineTuner(Base, PlanOf(adapters), Examples))
        {
            foreach (var _ in killed.Run().Take(3)) { }
            killed.SaveState(state);
        }
        using (var resumed = new FineTuner(Base, PlanOf(adapters), Examples))
        {
            Assert.True(resumed.Resume(state));
            Assert.Equal(3, resumed.Step);
            Finish(resumed, "resumed");
        }
        Assert.Equal(Weights("whole"), Weights("resumed"));
        Assert.NotEqual(Weights("base"), Weights("resumed"));

        using var other = new FineTuner(Base, PlanOf(adapters), [.. Examples.Skip(1)]);
        Assert.Contains("other settings or data", Assert.Throws<CheckpointException>(() => other.Resume(state)).Message);
    }

    [Fact]
    public void Adapters_are_saved_as_PEFT_has_them_and_make_the_merged_weights()
    {
        var lora = new LoraSettings(Rank: 4, Alpha: 8);
        using var tuner = new FineTuner(Base, Plan with { Lora = lora, Rate = 0.03 }, Examples);
        Finish(tuner, "merged");
        tuner.SaveAdapters(Path.Combine(_folder, "adapters"));

        using var scope = NewDisposeScope();
        using var adapters = SafetensorsFile.Open(Path.Combine(_folder, "adapters", "adapter_model.safetensors"));
        using var before = SafetensorsFile.Open(Path.Combine(Base, "model.safetensors"));
        using var after = SafetensorsFile.Open(Path.Combine(_folder, "merged", "model.safetensors"));
        Assert.Equal(2 * 7 * 2, adapters.Tensors.Count); // layers, modules, factors
        foreach (var module in (string[])["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.o_proj", "mlp.gate_proj", "mlp.up_proj", "mlp.down_proj"])
        {
            var key = $"base_model.model.model.layers.1.{module}";
            Tensor a = adapters.Read($"{key}.lora_A.weight"), b = adapters.Read($"{key}.lora_B.weight");
            Assert.Equal((lora.Rank, lora.Rank), (a.shape[0], b.shape[1]));
            Assert.True(b.abs().max().item<float>() > 0, module);
            var expected = before.Read($"model.layers.1.{module}.weight", float32) + 2 * b.mm(a);
            Assert.True(after.Read($"model.layers.1.{module}.weight", float32).allclose(expected, 1e-2, 1e-3), module); // stored in bfloat16
        }
        var config = JsonNode.Parse(File.ReadAllText(Path.Combine(_folder, "adapters", "adapter_config.json")))!;
        Assert.Equal(("LORA", 4, 8.0, "base"), ((string)config["peft_type"]!, (int)config["r"]!, (double)config["lora_alpha"]!, (string)config["base_model_name_or_path"]!));
        Assert.Equal(["down_proj", "gate_proj", "k_proj", "o_proj", "q_proj", "up_proj", "v_proj"], config["target_modules"]!.AsArray().Select(m => (string)m!));
    }

    [Fact]
    public void Weights_that_are_read_are_those_that_were_written()
    {
        using var read = HuggingFaceCheckpoint.Read(Base);
        HuggingFaceCheckpoint.Write(read, Path.Combine(_folder, "again"));
        Assert.Equal(Weights("base"), Weights("again"));
    }

    [Theory]
    [InlineData("\"rope_theta\": 10000", "\"rope_theta\": 500000", "'rope_theta': is 500000, expected 10000")]
    [InlineData("\"model_type\": \"llama\"", "\"model_type\": \"gemma2\"", "'model_type': is \"gemma2\", expected \"llama\"")]
    [InlineData("\"hidden_size\": 32,", "", "'hidden_size': is missing")]
    public void A_checkpoint_of_another_kind_is_refused(string written, string instead, string message)
    {
        var config = Path.Combine(Base, "config.json");
        var text = File.ReadAllText(config);
        Assert.Contains(written, text);
        File.WriteAllText(config, text.Replace(written, instead));
        Assert.Contains(message, Assert.Throws<CheckpointException>(() => new FineTuner(Base, Plan, Examples)).Message);
    }

    [Fact]
    public void Without_examples_or_adapters_it_says_so()
    {
        Assert.Contains("no examples", Assert.Throws<ArgumentException>(() => new FineTuner(Base, Plan, [])).Message);
        using var tuner = new FineTuner(Base, Plan, Examples);
        Assert.Contains("trains all weights", Assert.Throws<InvalidOperationException>(() => tuner.SaveAdapters(_folder)).Message);
    }

    [Fact]
    public void Every_example_comes_once_before_any_comes_twice_and_each_time_in_another_order()
    {
        var examples = Examples;
        var epochs = new Epochs(examples, seed: 2);
        var orders = Enumerable.Range(0, 3).Select(e => Enumerable.Range(0, examples.Count).Select(i => examples.Index().First(x => x.Item == epochs[e * examples.Count + i]).Index).ToList()).ToList();
        Assert.All(orders, order => Assert.Equal(Enumerable.Range(0, examples.Count), order.Order()));
        Assert.NotEqual(orders[0], orders[1]);
        Assert.Equal(epochs[5], epochs[5]);
    }

    private void Finish(FineTuner tuner, string name)
    {
        foreach (var _ in tuner.Run()) { }
        Assert.Equal(Plan.Steps, tuner.Step);
        tuner.Save(Path.Combine(_folder, name));
    }

    private byte[] Weights(string name) => File.ReadAllBytes(Path.Combine(_folder, name, "model.safetensors"));
}
