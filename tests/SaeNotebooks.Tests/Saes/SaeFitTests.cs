using SaeNotebooks.Hooks;
using SaeNotebooks.Models;
using SaeNotebooks.Saes;
using SaeNotebooks.Saes.Activations;
using static TorchSharp.torch;

namespace SaeNotebooks.Tests.Saes;

public class SaeFitTests
{
    private static readonly ModelConfig Model = new("llama", 4, 48, 4, 2, 16, 96, 320, 64, 1e-5, new(null, [], null));

    [Theory]
    [InlineData("google/gemma-2-2b", "gemma-2-2b", null)]
    [InlineData("gpt2", "gpt2-small", null)]
    [InlineData("google/gemma-2-2b", "google/gemma-2-2b-it", "was trained on google/gemma-2-2b and is used on google/gemma-2-2b-it.")]
    [InlineData("meta-llama/Meta-Llama-3-8B", "meta-llama/Llama-3.1-8B", "was trained on meta-llama/Meta-Llama-3-8B")]
    [InlineData("unknown", "gemma-2-2b", "was trained on unknown")]
    public void Variants_of_a_model_pass_with_a_note(string trainedOn, string used, string? note)
    {
        using var sae = Make(Hook.ResidPost(1), 48, trainedOn);
        var found = SaeFit.Check(sae, Model, used);
        if (note is null) Assert.Null(found);
        else Assert.Contains(note, found);
    }

    [Fact]
    public void Another_family_is_refused_unless_it_is_meant()
    {
        using var sae = Make(Hook.ResidPost(1), 48, "gpt2");
        Assert.Contains("different families; if that is meant", Assert.Throws<ArgumentException>(() => SaeFit.Check(sae, Model, "gemma-2-2b")).Message);
        Assert.Contains("was trained on gpt2", SaeFit.Check(sae, Model, "gemma-2-2b", evenIfUnfit: true));
    }

    [Theory]
    [InlineData("blocks.4.hook_resid_post", 48, "has layers 0 to 3")]
    [InlineData("blocks.1.hook_resid_post", 40, "reads 40 numbers at blocks.1.hook_resid_post, where m has 48")]
    [InlineData("blocks.1.attn.hook_z", 48, "where m has 64")]
    [InlineData("blocks.1.mlp.hook_post", 48, "where m has 96")]
    public void A_layer_or_a_width_that_the_model_does_not_have_is_refused(string hook, int width, string expected)
    {
        using var sae = Make(hook, width, "m");
        Assert.Contains(expected, Assert.Throws<ArgumentException>(() => SaeFit.Check(sae, Model, "m", evenIfUnfit: true)).Message);
    }

    private static Sae Make(HookName hook, int width, string model)
    {
        using var scope = NewDisposeScope();
        return new(new() { Hook = hook, ModelName = model }, new Relu(), randn(width, 64), randn(64, width), zeros(64), zeros(width));
    }
}
