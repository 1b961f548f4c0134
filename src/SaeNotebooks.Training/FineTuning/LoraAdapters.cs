using SaeNotebooks.Training.LanguageModels;
using static TorchSharp.torch;

namespace SaeNotebooks.Training.FineTuning;

/// <summary>Adapters for every matrix of every block: query, key, value and output projections, and the MLP's three.</summary>
internal sealed class LoraAdapters : IDisposable
{
    private static readonly (string Stack, string[] Modules)[] Layout =
    [
        ("qkv", ["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"]), ("output", ["self_attn.o_proj"]),
        ("gate_up", ["mlp.gate_proj", "mlp.up_proj"]), ("down", ["mlp.down_proj"]),
    ];

    private readonly LoraSettings _settings;
    private readonly LoraStack[] _stacks;

    /// <param name="parameters">the weights, with gradients; their matrices are overwritten from now on</param>
    /// <param name="settings">rank and scale</param>
    /// <param name="seed">of the first values</param>
    public LoraAdapters(DecoderParameters parameters, LoraSettings settings, long seed)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed, CPU);
        _settings = settings;
        var named = parameters.Named().ToDictionary(p => p.Name, p => p.Tensor);
        _stacks = [.. Layout.Select(l => new LoraStack(named[l.Stack], named[l.Stack].shape[1] / l.Modules.Length, settings, generator))];
    }

    /// <summary>What a checkpoint must hold.</summary>
    public IEnumerable<(string Name, Tensor Tensor)> State() =>
        _stacks.Zip(Layout).SelectMany(s => s.First.State().Select(t => ($"{s.Second.Stack}.{t.Name}", t.Tensor)));

    /// <summary>One step of all adapters from the gradients of the weights, then the weights anew.</summary>
    public void Step(double rate, long step)
    {
        foreach (var stack in _stacks) stack.Step(rate, step);
    }

    /// <summary>The weights from the adapters, for which a checkpoint has been restored.</summary>
    public void Write()
    {
        foreach (var stack in _stacks) stack.Write();
    }

    /// <summary>Writes the adapters in PEFT's layout.</summary>
    public void Save(string folder, string baseModel)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        PeftFolder.Write(folder, baseModel, _settings,
        [
            .. from pair in _stacks.Zip(Layout)
               let modules = pair.Second.Modules
               from i in Enumerable.Range(0, (int)pair.First.A.shape[0])
               select (i / modules.Length, modules[i % modules.Length], pair.First.A.detach()[i], pair.First.B.detach()[i]),
        ]);
    }

    public void Dispose()
    {
        foreach (var stack in _stacks) stack.Dispose();
    }
}
