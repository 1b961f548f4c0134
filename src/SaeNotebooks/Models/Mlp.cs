using SaeNotebooks.Hooks;
using TorchSharp;
using static TorchSharp.torch;

namespace SaeNotebooks.Models;

/// <summary>The neurons of a block.</summary>
/// <param name="Layer">the block that it belongs to</param>
/// <param name="In">reads the normalised residual stream</param>
/// <param name="Out">writes back to the residual stream</param>
/// <param name="Activation">the non-linearity</param>
internal abstract record Mlp(int Layer, Linear In, Linear Out, Func<Tensor, Tensor> Activation)
{
    /// <summary>Neurons of so many tokens at once stay in the processor's cache; fewer tokens would not repay what a product costs besides.</summary>
    private const long NeuronBytes = 8 << 20, LeastTokens = 256;

    /// <summary>The hooks that fire in here.</summary>
    public virtual IEnumerable<HookName> Hooks => [Hook.MlpIn(Layer), Hook.MlpPre(Layer), Hook.MlpPost(Layer)];

    /// <summary>So many tokens go through together on the CPU, where nobody looks at the neurons.</summary>
    public long TokensAtOnce => Math.Max(LeastTokens, NeuronBytes / (In.Weight.size(0) * In.Weight.element_size()));

    /// <param name="x">[batch, pos, d_model]</param>
    /// <param name="pass">the run whose hooks fire</param>
    /// <returns>[batch, pos, d_model]</returns>
    public Tensor Forward(Tensor x, ForwardPass pass)
    {
        var tokens = x.size(0) * x.size(1);
        var some = TokensAtOnce;
        if (tokens <= some || x.device_type != DeviceType.CPU || Hooks.Any(pass.IsActive)) return Neurons(pass.At(Hook.MlpIn(Layer), x), pass);

        using var scope = NewDisposeScope();
        var chunks = (tokens + some - 1) / some;
        var parts = x.reshape(1, tokens, -1).chunk(chunks, 1).Select(part =>
        {
            using var inner = NewDisposeScope();
            return Neurons(part, pass).MoveToOuterDisposeScope();
        });
        return cat([.. parts], 1).view(x.shape).MoveToOuterDisposeScope();
    }

    /// <summary>The formula.</summary>
    /// <param name="x">[batch, pos, d_model], after <c>mlp.hook_in</c> has fired</param>
    /// <param name="pass">the run whose hooks fire</param>
    /// <returns>[batch, pos, d_model]</returns>
    protected abstract Tensor Neurons(Tensor x, ForwardPass pass);
}
