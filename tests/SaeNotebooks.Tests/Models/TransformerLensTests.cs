using SaeNotebooks.Hooks;
using SaeNotebooks.Models;
using SaeNotebooks.Tests.Goldens;
using static TorchSharp.torch;

namespace SaeNotebooks.Tests.Models;

/// <summary>Every hook of layer 1 and outside of layers against TransformerLens on the same checkpoints, with its weight processing and
/// without.</summary>
public class TransformerLensTests
{
    private const double Tolerance = 5e-5;

    private const WeightProcessing Rms = WeightProcessing.FoldLn | WeightProcessing.FoldValueBiases,
        RmsUncapped = Rms | WeightProcessing.CenterUnembed, All = RmsUncapped | WeightProcessing.CenterWritingWeights;

    /// <summary>Family, and what TransformerLens's <c>from_pretrained</c> does to it by default.</summary>
    public static TheoryData<string, WeightProcessing> Families => new()
    {
        { "gpt2", All }, { "gpt_neox", All }, { "llama", RmsUncapped }, { "qwen2", RmsUncapped }, { "gemma3_text", RmsUncapped }, { "gemma2", Rms },
    };

    [Theory, MemberData(nameof(Families))]
    public void EveryHookMeansTheSame(string family, WeightProcessing _) => RequireSameHooks(family, "raw", WeightProcessing.None);

    [Theory, MemberData(nameof(Families))]
    public void ProcessedWeightsGiveTheSameHooks(string family, WeightProcessing processing)
    {
        RequireSameHooks(family, "processed", processing);
        using var golden = new Golden($"tl_{family}");
        using var model = HookedTransformer.Load(Golden.PathOf(family), processing: processing);
        using var run = model.Run(golden.Ids("tokens"));
        using var expected = golden.Read("processed.logits");
        Compare.MaxAbs(expected, run.Logits, Tolerance, "logits");
    }

    [Theory, MemberData(nameof(Families))]
    public void EachStepOfProcessingLeavesLogProbabilitiesAlone(string family, WeightProcessing possible)
    {
        using var golden = new Golden(family);
        using var plain = TestModels.Load(family);
        using var expected = plain.Run(golden.Ids("prompt0"));
        foreach (var step in Enum.GetValues<WeightProcessing>().Where(s => s != WeightProcessing.None && possible.HasFlag(s)))
        {
            using var processed = HookedTransformer.Load(Golden.PathOf(family), processing: step);
            using var run = processed.Run(golden.Ids("prompt0"));
            using var scope = NewDisposeScope();
            Compare.MaxAbs(expected.Logits.log_softmax(-1), run.Logits.log_softmax(-1), Tolerance, $"{family} {step}");
        }
    }

    [Fact]
    public void ProcessingThatWouldChangePredictionsIsRefused()
    {
        string Refusal(string family, WeightProcessing step) =>
            Assert.Throws<ArgumentException>(() => HookedTransformer.Load(Golden.PathOf(family), processing: step)).Message;
        Assert.Contains("CenterWritingWeights needs layer norms, and llama", Refusal("llama", WeightProcessing.CenterWritingWeights));
        Assert.Contains("gemma2, whose logits are soft-capped", Refusal("gemma2", WeightProcessing.CenterUnembed));
    }

    [Fact]
    public void AHookThatAFamilyDoesNotHaveIsRefused()
    {
        void IsRefused(string family, HookName hook)
        {
            using var model = TestModels.Load(family);
            Assert.DoesNotContain(hook, model.Hooks);
            Assert.Contains($"{hook} does not exist in a model of the family {family}", Assert.Throws<ArgumentException>(() => model.Run(new[] { 3 }, hook)).Message);
        }
        IsRefused("gpt_neox", Hook.ResidMid(0));
        IsRefused("gpt2", Hook.RotQ(0));
        IsRefused("gpt2", Hook.MlpPreLinear(1));
        IsRefused("llama", Hook.PosEmbed);
        IsRefused("llama", Hook.Ln1PostScale(0));
        IsRefused("gemma2", Hook.QNormScale(0));
    }

    [Theory]
    [InlineData("gpt2", "h.1.ln_2", false)]
    [InlineData("gpt_neox", "gpt_neox.layers.1.post_attention_layernorm", false)]
    [InlineData("llama", "model.layers.1.post_attention_layernorm", false)]
    [InlineData("gemma2", "model.layers.1.pre_feedforward_layernorm", true)]
    [InlineData("gemma3_text", "model.layers.1.pre_feedforward_layernorm", true)]
    public void The_MLP_reads_the_norm_with_its_gain_and_bias(string family, string norm, bool fromOne)
    {
        using var scope = NewDisposeScope();
        using var golden = new Golden($"tl_{family}");
        using var weights = SaeNotebooks.Checkpoints.SafetensorsFile.Open(Path.Combine(Golden.PathOf(family), "model.safetensors"));
        Tensor? Weight(string name) => weights.Names.FirstOrDefault(n => n.EndsWith($"{norm}.{name}", StringComparison.Ordinal)) is { } found ? weights.Read(found).to(float32) : null;
        var expected = golden.Read("raw.cache.blocks.1.ln2.hook_normalized") * (fromOne ? 1 + Weight("weight")! : Weight("weight")!);
        if (Weight("bias") is { } bias) expected += bias;
        using var model = TestModels.Load(family);
        using var run = model.Run(golden.Ids("tokens"), Hook.MlpIn(1));
        Compare.MaxAbs(expected, run[Hook.MlpIn(1)], Tolerance, family);
    }

    private static void RequireSameHooks(string family, string kind, WeightProcessing processing)
    {
        using var golden = new Golden($"tl_{family}");
        using var model = HookedTransformer.Load(Golden.PathOf(family), processing: processing);
        var prefix = $"{kind}.cache.";
        HookSet capture = golden.Names.Where(n => n.StartsWith(prefix, StringComparison.Ordinal)).Select(n => HookName.Parse(n[prefix.Length..])).ToList();
        if (kind == "raw") // all that this model has, and nothing but these; mlp.hook_in is a hook of TransformerLens's newer TransformerBridge alone
            Assert.Equal(model.Hooks.Where(h => (!h.IsInBlock || h.Layer == 1) && h.Point != HookPoint.MlpIn), capture);
        using var run = model.Run(golden.Ids("tokens"), capture);
        foreach (var hook in capture)
        {
            using var scope = NewDisposeScope();
            var expected = golden.Read(prefix + hook);
            Compare.MaxAbs(expected, run[hook].reshape(expected.shape), Tolerance, hook.ToString()); // norms of heads are flattened there
        }
    }
}
